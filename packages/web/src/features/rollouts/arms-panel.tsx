import type { RolloutReport } from '@boucle/contract';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { isOver } from './stages.ts';
import { useRolloutWords } from './use-rollout-words.ts';
import { Facts } from '../../ui/facts.tsx';

type ArmReport = RolloutReport['arms'][number];

/** Who gets how much, as planned and as it came. */
export const ArmsPanel = ({ report: { arms, sampleRatio, rollout } }: { report: RolloutReport }) => {
  const { f } = useI18n();
  const words = useRolloutWords();
  return (
    <Panel title={words.arms.title}>
      {arms.length === 0 ? (
        <p className="quiet">{words.arms.empty}</p>
      ) : (
        <>
          <div className="share-bar" aria-hidden="true">
            {arms.map(({ arm, shareRequested }) => (
              <span key={arm} className={`share-part share-${arm}`} style={{ flexGrow: shareRequested }} />
            ))}
          </div>
          <div className="arms">
            {arms.map((arm) => (
              <ArmFacts key={arm.arm} arm={arm} isEnded={isOver(rollout)} />
            ))}
          </div>
          {sampleRatio && (
            <p className="arms-ratio">
              <StatusMark mark={sampleRatio.biased ? 'broken' : 'ok'} size={13} />
              {sampleRatio.biased ? words.arms.biased(f.pValue(sampleRatio.pValue)) : words.arms.asPlanned(f.pValue(sampleRatio.pValue))}
            </p>
          )}
        </>
      )}
    </Panel>
  );
};

const ArmFacts = ({ arm, isEnded }: { arm: ArmReport; isEnded: boolean }) => {
  const { f } = useI18n();
  const { arms, version } = useRolloutWords();
  const facts: [string, string][] = [
    // Once it is over, nothing is compared at this share any more.
    [isEnded ? arms.now : arms.planned, f.percent(arm.shareRequested, 1)],
    [arms.observed, arm.shareObserved === null ? '–' : f.percent(arm.shareObserved, 1)],
    [arms.units, f.number(arm.units)],
    [arms.errors, f.number(arm.errors)],
    [arms.wrong, arms.of(f.number(arm.wrong), f.number(arm.labelled))],
  ];
  return (
    <section className="arm" aria-label={arms[arm.arm]}>
      <h3 className="arm-name">
        <svg width="18" height="8" aria-hidden="true">
          <path d="M1 4H17" className={`chart-line ink-${arm.arm}`} />
        </svg>
        {version(arm.version.version)} <span className="quiet">{arms[arm.arm]}</span>
      </h3>
      <Facts of={facts} className="facts num" />
    </section>
  );
};
