import { type Static, Type } from 'typebox';
import { Id, ModelName, Nullable } from './common.ts';
import { ApprovalPolicy, CanaryPolicy, Duration, Gate, ShadowPolicy } from './policy.ts';

export const rolloutKinds = ['canary', 'blue_green', 'ab'] as const;
export const rolloutStatuses = [
  'running',
  'paused',
  'promoted',
  'rolled_back',
  /** Gates or people said no. */
  'refused',
  'undecided',
  'no_traffic',
  /** Somebody deployed by hand meanwhile. */
  'superseded',
  'failed',
] as const;
export const rolloutStages = ['gates', 'approval', 'loading', 'shadow', 'canary', 'watch', 'ended'] as const;
export const Arm = Type.Enum(['baseline', 'candidate']);
export type Arm = Static<typeof Arm>;

/** A version that takes part in a rollout. */
export const RolloutVersion = Type.Object({ modelVersionId: Id, model: ModelName, version: Type.Integer() });
export type RolloutVersion = Static<typeof RolloutVersion>;

/** What one of the tests of a rollout looks at, and which part of the error rate it may use up. */
export const RolloutMetric = Type.Object({
  name: Type.Enum(['wrong', 'errors', 'latency', 'pairs']),
  kind: Type.Enum(['event', 'quantile', 'paired', 'mean']),
  direction: Type.Literal('lower_is_better'),
  role: Type.Enum(['goal', 'guardrail']),
  /** Its share of `alphaRollback`. */
  alpha: Type.Number(),
});
export type RolloutMetric = Static<typeof RolloutMetric>;

/** All that decides, fixed when the rollout starts. Another alpha, margin or prior is another rollout. */
export const RolloutPolicy = Type.Object(
  {
    gates: Type.Array(Gate),
    approvals: Type.Object({ count: Type.Integer(), fourEyes: Type.Boolean() }),
    /** Rolling back shows a relative risk above this. */
    nullRisk: Type.Number(),
    alphaRollback: Type.Number(),
    alphaPromote: Type.Number(),
    /** Promoting shows a relative risk below 1 + margin. */
    margin: Type.Number(),
    prior: Type.String(),
    metrics: Type.Array(RolloutMetric),
    /** The candidate's shares; each is kept for so many requests, or so long, whichever comes first. */
    schedule: Type.Array(Type.Object({ share: Type.Number(), requests: Nullable(Type.Integer()), forMs: Nullable(Type.Integer()) })),
    /** The largest share before a verdict. */
    maxExposure: Type.Number(),
    minEvents: Type.Integer(),
    /** Of each arm, before a verdict in favour. */
    minUnits: Type.Integer(),
    /** The share is not raised while E for a worse candidate is this large. */
    holdAt: Type.Number(),
    sampleRatioAlpha: Type.Number(),
    /** Of the latency quantiles; null where latency is only reported. */
    latencyMargin: Nullable(Type.Number()),
    shadow: Nullable(Type.Object({ share: Type.Number(), pairs: Type.Integer(), deadlineMs: Type.Integer() })),
    /** A/B: the difference of rates that would matter, and whether the verdict acts by itself. */
    ab: Nullable(Type.Object({ difference: Type.Number(), act: Type.Boolean() })),
    /** Evidence waits so long for what happened before it. */
    latenessMs: Type.Integer(),
    /** After the traffic moved, labels and pairs are watched for so long, and may still roll back. */
    watchMs: Type.Integer(),
    deadlineMs: Type.Integer(),
    /** What stays where nothing is decided until the deadline, or nothing came. */
    whenUndecided: Type.Literal('baseline'),
    /** What a rollback routes to; null where nothing answered before. */
    rollbackTarget: Nullable(Id),
    /** What is randomised, and the salt of its hash, which is made from the seed. */
    unit: Type.String(),
    salt: Type.String(),
    seed: Type.Integer(),
    codeVersion: Type.String(),
  },
  { $id: 'RolloutPolicy' },
);
export type RolloutPolicy = Static<typeof RolloutPolicy>;

/** What may be asked for in place of what the endpoint declares. */
export const RolloutRequest = Type.Object({
  gates: Type.Optional(Type.Array(Gate, { maxItems: 50 })),
  approvals: Type.Optional(ApprovalPolicy),
  /** Null leaves the stage out. */
  shadow: Type.Optional(Nullable(ShadowPolicy)),
  canary: Type.Optional(Nullable(Type.Partial(CanaryPolicy))),
  minUnits: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000_000 })),
  ab: Type.Optional(
    Type.Object({
      difference: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })),
      act: Type.Optional(Type.Boolean()),
    }),
  ),
  lateness: Type.Optional(Duration),
  watch: Type.Optional(Duration),
  seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 4_294_967_295 })),
});
export type RolloutRequest = Static<typeof RolloutRequest>;
