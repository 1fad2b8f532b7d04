import type { Rollout, RolloutVerdict } from '@boucle/contract';
import type { Mark } from '../../ui/status.tsx';

export const stageNames = ['gates', 'approval', 'shadow', 'canary', 'watch', 'done'] as const;
export type StageName = (typeof stageNames)[number];
export interface Stage {
  readonly name: StageName;
  /** `left out`: the policy has no such stage, or it was jumped over. */
  readonly state: 'passed' | 'current' | 'ahead' | 'left out' | 'stopped';
}

export const stageMark: Record<Stage['state'], Mark> = {
  passed: 'ok',
  current: 'running',
  ahead: 'idle',
  'left out': 'stopped',
  stopped: 'broken',
};
export const statusMark: Record<Rollout['status'], Mark> = {
  running: 'running',
  paused: 'attention',
  promoted: 'ok',
  rolled_back: 'broken',
  refused: 'broken',
  undecided: 'stopped',
  no_traffic: 'stopped',
  superseded: 'stopped',
  failed: 'broken',
};

export const isOver = ({ endedAt }: Pick<Rollout, 'endedAt'>): boolean => endedAt !== null;

/** The way of a version, and how far it came. */
export const stagesOf = (rollout: Rollout, verdicts: readonly RolloutVerdict[]): Stage[] => {
  const has = asked(rollout);
  const here = stageNames.indexOf(isOver(rollout) ? lastStage(rollout, verdicts) : current(rollout));
  const isGood = rollout.status === 'promoted';
  return stageNames.flatMap((name, i): Stage[] => {
    // Nobody misses a watch that was not asked for; the other four are always told.
    if (name === 'watch' && !has.watch) return [];
    if (isOver(rollout) && isGood) return [{ name, state: has[name] && i <= here ? 'passed' : 'left out' }];
    if (i === here) return [{ name, state: isOver(rollout) ? 'stopped' : 'current' }];
    if (!has[name]) return [{ name, state: 'left out' }];
    return [{ name, state: i < here ? 'passed' : isOver(rollout) && name !== 'done' ? 'left out' : 'ahead' }];
  });
};

const asked = ({ policy, baseline }: Rollout): Record<StageName, boolean> => ({
  gates: policy.gates.length > 0,
  approval: policy.approvals.count > 0,
  shadow: policy.shadow !== null && baseline !== null,
  canary: baseline !== null && policy.schedule.length > 0,
  watch: policy.watchMs > 0 && baseline !== null,
  done: true,
});

/** A version that is being loaded stands before what it is loaded for. */
const afterLoading = (rollout: Rollout): StageName => {
  const has = asked(rollout);
  return has.shadow ? 'shadow' : has.canary ? 'canary' : 'done';
};

const current = (rollout: Rollout): StageName =>
  rollout.stage === 'ended' ? 'done' : rollout.stage === 'loading' ? afterLoading(rollout) : rollout.stage;

/** Where it was when it ended, by the verdicts that led there. */
const lastStage = (rollout: Rollout, verdicts: readonly RolloutVerdict[]): StageName => {
  if (rollout.status === 'promoted') return 'done';
  if (rollout.status === 'refused') return (rollout.gates ?? []).every(({ verdict }) => verdict === 'passed') ? 'approval' : 'gates';
  let stage: StageName = 'gates';
  for (const { kind } of verdicts) {
    if (kind === 'gates') stage = 'approval';
    else if (kind === 'approval' || kind === 'load') stage = afterLoading(rollout);
    else if (kind === 'shadow' || kind === 'step') stage = 'canary';
    else if (kind === 'promote') stage = 'watch';
  }
  return stage;
};
