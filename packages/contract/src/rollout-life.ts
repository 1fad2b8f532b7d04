import { type Static, Type } from 'typebox';
import { Id, Name, Nullable, Time } from './common.ts';
import { GateVerdict } from './registry.ts';
import { rolloutKinds, rolloutStatuses, rolloutStages, RolloutVersion, RolloutPolicy } from './rollout-policy.ts';

/** The whole way of a version to an endpoint. */
export const Rollout = Type.Object(
  {
    id: Id,
    project: Name,
    endpoint: Name,
    /** Counted for each endpoint. */
    number: Type.Integer(),
    kind: Type.Enum([...rolloutKinds]),
    candidate: RolloutVersion,
    /** What answers beside it; null where the endpoint had nothing. */
    baseline: Nullable(RolloutVersion),
    rollbackTarget: Nullable(RolloutVersion),
    /** `model@alias` that follows a promotion. */
    alias: Nullable(Type.String()),
    policy: RolloutPolicy,
    gates: Nullable(Type.Array(GateVerdict)),
    approvalId: Nullable(Id),
    stage: Type.Enum([...rolloutStages]),
    /** Which entry of the schedule, from 0. */
    step: Type.Integer(),
    /** The candidate's share of live requests now. */
    share: Type.Number(),
    status: Type.Enum([...rolloutStatuses]),
    /** How it stands, or how it ended, in plain words. */
    message: Type.String(),
    /** Evidence so far. */
    evidence: Type.Integer(),
    startedAt: Time,
    startedBy: Type.String(),
    endedAt: Nullable(Time),
    correlationId: Id,
  },
  { $id: 'Rollout' },
);
export type Rollout = Static<typeof Rollout>;

export const verdictKinds = [
  'gates',
  'approval',
  'load',
  'shadow',
  'step',
  'promote',
  'roll_back',
  'end',
  'pause',
  'resume',
  /** An A/B test found something, and nobody asked it to act. */
  'finding',
  'superseded',
  'failed',
] as const;
export const RolloutVerdict = Type.Object(
  {
    number: Type.Integer(),
    kind: Type.Enum([...verdictKinds]),
    /** The last piece of evidence that it knew. */
    seq: Type.Integer(),
    at: Time,
    /** `system`, or who decided by hand. */
    by: Type.String(),
    message: Type.String(),
    /** What it decided from: counts, ln E, shares. */
    facts: Type.Record(Type.String(), Type.Unknown()),
    /** Of all the evidence up to it. */
    digest: Type.String(),
  },
  { $id: 'RolloutVerdict' },
);
export type RolloutVerdict = Static<typeof RolloutVerdict>;
