import { type Static, Type } from 'typebox';
import { Nullable, Time } from './common.ts';
import { Rollout, RolloutVerdict } from './rollout-life.ts';
import { Arm, RolloutVersion } from './rollout-policy.ts';

/** In this order in stored evidence: a new one goes to the end. */
export const evidenceKinds = ['unit', 'latency', 'error', 'label', 'pair', 'pair_label'] as const;
export const RolloutEvidence = Type.Object(
  {
    seq: Type.Integer(),
    eventTime: Time,
    unitHash: Type.String(),
    arm: Arm,
    /** The candidate's, when the unit was assigned. */
    share: Type.Number(),
    kind: Type.Enum([...evidenceKinds]),
    /**
     * unit, error: 1. latency: milliseconds. label: 1 wrong, 0 right. pair: 0 same answer, 1 another, 2 only the candidate failed, 3 only
     * the baseline, 4 both. pair_label: 0 both right, 1 only the candidate wrong, 2 only the baseline, 3 both.
     */
    outcome: Type.Number(),
  },
  { $id: 'RolloutEvidence' },
);
export type RolloutEvidence = Static<typeof RolloutEvidence>;

const Bounds = Type.Object({ low: Nullable(Type.Number()), high: Nullable(Type.Number()), confidence: Type.Number() });
const Quantile = Type.Object({ p: Type.Number(), estimate: Type.Number(), low: Nullable(Type.Number()), high: Nullable(Type.Number()) });
export const RolloutArm = Type.Object({
  arm: Arm,
  version: RolloutVersion,
  /** Of live requests: as routed now, and as units came while it was so; null before the first. */
  shareRequested: Type.Number(),
  shareObserved: Nullable(Type.Number()),
  units: Type.Integer(),
  errors: Type.Integer(),
  labelled: Type.Integer(),
  wrong: Type.Integer(),
  latencyMs: Type.Array(Quantile),
});
/** What a page needs to tell the whole of it. */
export const RolloutReport = Type.Object(
  {
    rollout: Rollout,
    verdicts: Type.Array(RolloutVerdict),
    arms: Type.Array(RolloutArm),
    /** At most 500 points of ln E: for a worse candidate, and for one that is good enough. */
    series: Type.Array(
      Type.Object({ seq: Type.Integer(), at: Time, share: Type.Number(), rollback: Type.Number(), promote: Type.Number() }),
    ),
    /** ln E at which something happens. */
    bounds: Type.Object({ rollback: Type.Number(), promote: Type.Number(), hold: Type.Number() }),
    /** Of the goal: how many times as often the candidate goes wrong; null before the first bad event. */
    risk: Nullable(Type.Object({ estimate: Type.Number(), interval: Bounds })),
    /** Relative, candidate over baseline, one for each quantile that both arms bound. */
    latency: Type.Array(Type.Object({ p: Type.Number(), verdict: Type.Enum(['worse', 'not worse', 'undecided']), ratio: Bounds })),
    sampleRatio: Nullable(Type.Object({ pValue: Type.Number(), biased: Type.Boolean() })),
    shadow: Nullable(
      Type.Object({
        pairs: Type.Integer(),
        wanted: Type.Integer(),
        agreed: Type.Integer(),
        candidateFailed: Type.Integer(),
        baselineFailed: Type.Integer(),
        labelled: Type.Integer(),
        candidateOnlyWrong: Type.Integer(),
        baselineOnlyWrong: Type.Integer(),
        pValue: Nullable(Type.Number()),
        /** The candidate's error rate minus the baseline's. */
        difference: Nullable(Type.Number()),
        interval: Nullable(Bounds),
      }),
    ),
    ab: Nullable(
      Type.Object({
        difference: Type.Number(),
        low: Type.Number(),
        high: Type.Number(),
        confidence: Type.Number(),
        pValue: Type.Number(),
      }),
    ),
    standing: Type.String(),
    /** What would decide. */
    awaits: Type.String(),
  },
  { $id: 'RolloutReport' },
);
export type RolloutReport = Static<typeof RolloutReport>;

export const RolloutVerification = Type.Object(
  {
    same: Type.Boolean(),
    verdicts: Type.Integer(),
    evidence: Type.Integer(),
    /** The first one; null where there is none. */
    difference: Nullable(Type.Object({ seq: Type.Integer(), what: Type.String(), stored: Type.Unknown(), replayed: Type.Unknown() })),
    message: Type.String(),
  },
  { $id: 'RolloutVerification' },
);
export type RolloutVerification = Static<typeof RolloutVerification>;
