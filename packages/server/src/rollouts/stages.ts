import type { Rollout, RolloutPolicy } from '@boucle/contract';

/** Where a rollout stands: what its decisions need beside the evidence. */
export interface Control {
  readonly stage: Rollout['stage'];
  readonly step: number;
  readonly share: number;
  readonly paused: boolean;
  /** An A/B test has said what it found. */
  readonly found: boolean;
  /** When this stage, or this step of it, began; and when requests were first compared. */
  readonly since: number;
  readonly started: number;
  /** Live requests that were looked through, in all and when this step began. */
  readonly requests: number;
  readonly requestsBefore: number;
  /** Units that the candidate had when this step began. */
  readonly unitsBefore: number;
}
/** Where a verdict leads. */
export interface Move {
  readonly stage: Rollout['stage'];
  readonly step: number;
  readonly share: number;
  readonly found: boolean;
  readonly status: Rollout['status'];
}
export const atStart: Control = {
  stage: 'gates',
  step: 0,
  share: 0,
  paused: false,
  found: false,
  since: 0,
  started: 0,
  requests: 0,
  requestsBefore: 0,
  unitsBefore: 0,
};

/** What comes after the stage, or the step, that is over: loaded, shadow, one share after the other, all of it, and the end. */
export const advance = ({ stage, step }: Pick<Control, 'stage' | 'step'>, policy: RolloutPolicy): Move => {
  const to = (next: Rollout['stage'], more: Partial<Move> = {}): Move => ({
    stage: next,
    step: 0,
    share: 0,
    found: false,
    status: 'running',
    ...more,
  });
  if (stage === 'loading' && policy.shadow) return to('shadow');
  const next = stage === 'canary' ? step + 1 : 0;
  const scheduled = policy.schedule[next];
  if (scheduled && stage !== 'watch') return to('canary', { step: next, share: scheduled.share });
  return promoted(policy);
};

/** Everything goes to the candidate; the baseline is watched beside it where the policy says for how long. */
export const promoted = ({ watchMs }: RolloutPolicy): Move => ({
  stage: watchMs > 0 ? 'watch' : 'ended',
  step: 0,
  share: 1,
  found: false,
  status: watchMs > 0 ? 'running' : 'promoted',
});

/** Where the rollout stands after a verdict. */
export const moved = (control: Control, move: Move, { now, candidateUnits }: { now: number; candidateUnits: number }): Control => {
  const isSame = move.stage === control.stage && move.step === control.step;
  const isFirst = control.stage !== 'canary' && move.stage === 'canary';
  return {
    ...control,
    stage: move.stage,
    step: move.step,
    share: move.share,
    found: move.found,
    ...(isSame ? {} : { since: now, requestsBefore: control.requests, unitsBefore: candidateUnits }),
    ...(isFirst && { started: now }),
  };
};
