import type { RolloutReport } from '@boucle/contract';
import { useI18n } from '../../i18n/i18n.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { type Stage, stageMark, stagesOf } from './stages.ts';
import { useRolloutWords } from './use-rollout-words.ts';

/** The way of a version, with where it is and what that stage says. */
export const StageList = ({ report }: { report: RolloutReport }) => {
  const words = useRolloutWords();
  const { rollout, verdicts } = report;
  const stages = stagesOf(rollout, verdicts);
  return (
    <ol className="stages plain-list" aria-label={words.stages}>
      {stages.map((stage) => (
        <li
          key={stage.name}
          className={`stage stage-${stage.state.replace(' ', '-')}`}
          {...(stage.state === 'current' && { 'aria-current': 'step' as const })}
        >
          <StatusMark mark={stage.state === 'current' && rollout.status === 'paused' ? 'attention' : stageMark[stage.state]} size={18} />
          <span className="stage-text">
            <span className="stage-name">{words.stage[stage.name]}</span>
            <span className="stage-state num">
              <StageState stage={stage} report={report} />
            </span>
          </span>
        </li>
      ))}
    </ol>
  );
};

const StageState = ({ stage, report: { rollout, shadow } }: { stage: Stage; report: RolloutReport }) => {
  const { f } = useI18n();
  const words = useRolloutWords();
  const { policy } = rollout;
  if (stage.name === 'done' && rollout.endedAt !== null) return words.status[rollout.status];
  if (stage.state !== 'current' && !(stage.state === 'passed' && stage.name === 'shadow')) return words.stageState[stage.state];
  if (rollout.stage === 'loading') return words.loading;
  if (stage.name === 'shadow' && shadow) return words.pairs(f.number(shadow.pairs), f.number(shadow.wanted));
  if (stage.name === 'canary')
    return words.stepShare(f.percent(rollout.share), `${f.number(rollout.step + 1)} / ${f.number(policy.schedule.length)}`);
  return rollout.status === 'paused' ? words.status.paused : words.stageState[stage.state];
};
