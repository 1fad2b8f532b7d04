import type { RolloutReport } from '@boucle/contract';
import { useI18n } from '../../i18n/i18n.tsx';
import { IntervalPlot } from '../../ui/chart/interval-plot.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { useRolloutWords } from './use-rollout-words.ts';

/** What both versions said to the same inputs. */
export const ShadowPanel = ({ shadow }: { shadow: NonNullable<RolloutReport['shadow']> }) => {
  const { f } = useI18n();
  const { shadow: words, arms } = useRolloutWords();
  const { pairs, wanted, difference, interval } = shadow;
  const facts: [string, string][] = [
    [words.pairs, arms.of(f.number(pairs), f.number(wanted))],
    [words.agreed, pairs === 0 ? '–' : `${f.number(shadow.agreed)} (${f.percent(shadow.agreed / pairs, 1)})`],
    [words.candidateFailed, f.number(shadow.candidateFailed)],
    [words.baselineFailed, f.number(shadow.baselineFailed)],
    [words.labelled, f.number(shadow.labelled)],
    [words.candidateOnlyWrong, f.number(shadow.candidateOnlyWrong)],
    [words.baselineOnlyWrong, f.number(shadow.baselineOnlyWrong)],
    [words.pValue, shadow.pValue === null ? '–' : f.pValue(shadow.pValue)],
  ];
  const reach = Math.max(0.02, ...[difference, interval?.low, interval?.high].map((value) => Math.abs(value ?? 0) * 1.2));
  return (
    <Panel title={words.title} note={words.note}>
      <ProgressBar done={pairs} total={wanted} label={words.pairs} />
      <dl className="facts facts-wide num">
        {facts.map(([name, said]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{said}</dd>
          </div>
        ))}
        <div>
          <dt>{words.difference}</dt>
          <dd>
            {difference === null ? '–' : f.percent(difference, 1)}
            {interval && interval.low !== null && interval.high !== null && (
              <span className="quiet">
                {' '}
                {f.percent(interval.low, 1)} – {f.percent(interval.high, 1)}
              </span>
            )}
          </dd>
        </div>
      </dl>
      {difference !== null && interval && (
        <IntervalPlot range={[-reach, reach]} value={difference} low={interval.low} high={interval.high} lines={[0]} ink="candidate" />
      )}
    </Panel>
  );
};
