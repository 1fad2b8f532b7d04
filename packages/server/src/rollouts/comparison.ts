import type { Arm, RolloutPolicy } from '@boucle/contract';
import {
  compareQuantiles,
  type MeanDifference,
  meanDifference,
  observeMeanDifference,
  observePaired,
  observeQuantiles,
  observeRampSafe,
  observeSampleRatio,
  type Paired,
  paired,
  type QuantileComparison,
  type Quantiles,
  quantiles,
  type RampSafe,
  rampSafe,
  type SampleRatio,
  sampleRatio,
  withPlannedShares,
} from '@boucle/statistics';
import type { Entry } from './evidence-entry.ts';
import { alphaOf, goalOf } from './policy.ts';

export interface ArmCounts {
  readonly units: number;
  readonly errors: number;
  readonly labelled: number;
  readonly wrong: number;
}
export interface PairCounts {
  readonly pairs: number;
  readonly agreed: number;
  readonly candidateFailed: number;
  readonly baselineFailed: number;
  readonly labelled: number;
}
/** What the evidence so far says: a fold over it, and over nothing else. JSON and back changes no bit. */
export interface Comparison {
  readonly seq: number;
  readonly arms: Readonly<Record<Arm, ArmCounts>>;
  readonly goal: RampSafe;
  /** The guardrail; null where errors are the goal. */
  readonly errors: RampSafe | null;
  readonly latency: Readonly<Record<Arm, Quantiles>>;
  /** The first quantile that was shown to be slower; it stays. */
  readonly slower: { readonly p: number; readonly seq: number } | null;
  readonly sampleRatio: SampleRatio | null;
  readonly pairs: PairCounts;
  readonly pairErrors: Paired;
  readonly pairLabels: Paired;
  readonly ab: MeanDifference | null;
}

export const latencyLevels = [0.5, 0.95, 0.99] as const;
/** Quantiles are compared with every nth latency: any rhythm keeps the guarantee, and each look costs. */
const latencyRhythm = 64;
const nobody: ArmCounts = { units: 0, errors: 0, labelled: 0, wrong: 0 };

export const beginComparison = (policy: RolloutPolicy): Comparison => {
  const { alphaRollback, alphaPromote, margin } = policy;
  // A verdict in favour waits for `minEvents`, one against for no more than a handful.
  const process = (alpha = alphaRollback) =>
    rampSafe({ margin, alphaRollback: alpha, alphaPromote, minEvents: Math.min(5, policy.minEvents) });
  const pairAlpha = (alphaOf(policy, 'pairs') ?? alphaRollback) / 2;
  return {
    seq: 0,
    arms: { baseline: nobody, candidate: nobody },
    goal: process(alphaOf(policy, goalOf(policy))),
    errors: goalOf(policy) === 'errors' ? null : process(alphaOf(policy, 'errors')),
    latency: { baseline: quantiles(), candidate: quantiles() },
    slower: null,
    sampleRatio: null,
    pairs: { pairs: 0, agreed: 0, candidateFailed: 0, baselineFailed: 0, labelled: 0 },
    pairErrors: paired({ alpha: pairAlpha }),
    pairLabels: paired({ alpha: pairAlpha }),
    ab: policy.ab && meanDifference({ tau2: policy.ab.difference ** 2, alpha: alphaOf(policy, goalOf(policy)) ?? alphaRollback }),
  };
};

/** The comparison after one more piece of evidence. */
export const observe = (state: Comparison, entry: Entry, policy: RolloutPolicy): Comparison => ({
  ...weigh(state, entry, policy),
  seq: state.seq + 1,
});

const weigh = (state: Comparison, entry: Entry, policy: RolloutPolicy): Comparison => {
  const { arm, outcome } = entry;
  const goal = goalOf(policy);
  const event = { canary: arm === 'candidate', share: entry.share };
  const counted = (more: Partial<ArmCounts>): Comparison['arms'] => ({ ...state.arms, [arm]: { ...state.arms[arm], ...more } });
  const counts = state.arms[arm];
  const meant = (value: number) => state.ab && observeMeanDifference(state.ab, { canary: arm === 'candidate', value });
  switch (entry.kind) {
    case 'unit':
      return { ...state, arms: counted({ units: counts.units + 1 }), sampleRatio: assigned(state.sampleRatio, entry, policy) };
    case 'error': {
      const arms = counted({ errors: counts.errors + 1 });
      if (goal !== 'errors') return { ...state, arms, errors: observeRampSafe(state.errors!, event) };
      return { ...state, arms, goal: observeRampSafe(state.goal, event), ab: meant(1) };
    }
    case 'label': {
      const arms = counted({ labelled: counts.labelled + 1, wrong: counts.wrong + outcome });
      if (goal !== 'wrong') return { ...state, arms };
      return { ...state, arms, goal: outcome === 1 ? observeRampSafe(state.goal, event) : state.goal, ab: meant(outcome) };
    }
    case 'latency': {
      const latency = { ...state.latency, [arm]: observeQuantiles(state.latency[arm], [outcome]) };
      const ab = goal === 'errors' ? meant(0) : state.ab;
      return { ...state, latency, ab, slower: state.slower ?? slowerNow({ ...state, latency }, policy) };
    }
    case 'pair':
      return withPair(state, outcome);
    case 'pair_label': {
      const pairs = { ...state.pairs, labelled: state.pairs.labelled + 1 };
      const only = { pairs: 1, candidateOnly: outcome === 1 ? 1 : 0, currentOnly: outcome === 2 ? 1 : 0 };
      return { ...state, pairs, pairLabels: observePaired(state.pairLabels, only) };
    }
  }
};

/** Units are held against the shares that were planned when they came. */
const assigned = (state: SampleRatio | null, { arm, share }: Entry, { sampleRatioAlpha }: RolloutPolicy): SampleRatio => {
  const shares = [share, 1 - share];
  const current =
    state === null
      ? sampleRatio({ shares, alpha: sampleRatioAlpha })
      : state.shares[0] === share
        ? state
        : withPlannedShares(state, shares);
  return observeSampleRatio(current, arm === 'candidate' ? [1, 0] : [0, 1]);
};

const withPair = (state: Comparison, outcome: number): Comparison => {
  const candidateOnly = outcome === 2 ? 1 : 0;
  const currentOnly = outcome === 3 ? 1 : 0;
  const { pairs, agreed, candidateFailed, baselineFailed, labelled } = state.pairs;
  return {
    ...state,
    pairs: {
      pairs: pairs + 1,
      agreed: agreed + (outcome === 0 ? 1 : 0),
      candidateFailed: candidateFailed + (outcome === 2 || outcome === 4 ? 1 : 0),
      baselineFailed: baselineFailed + (outcome === 3 || outcome === 4 ? 1 : 0),
      labelled,
    },
    pairErrors: observePaired(state.pairErrors, { pairs: 1, candidateOnly, currentOnly }),
  };
};

const slowerNow = (state: Comparison, policy: RolloutPolicy): Comparison['slower'] => {
  if (policy.latencyMargin === null || (state.latency.candidate.n + state.latency.baseline.n) % latencyRhythm !== 0) return null;
  const worse = compareLatency(state, policy).find(({ verdict }) => verdict === 'worse');
  return worse ? { p: worse.p, seq: state.seq + 1 } : null;
};

/** Each quantile has its part of the error rate, half of it for each arm. */
export const compareLatency = ({ latency }: Pick<Comparison, 'latency'>, policy: RolloutPolicy): QuantileComparison[] =>
  compareQuantiles(latency.candidate, latency.baseline, {
    levels: latencyLevels,
    margin: policy.latencyMargin ?? 0,
    alpha: (alphaOf(policy, 'latency') ?? policy.alphaRollback) / latencyLevels.length,
  });
