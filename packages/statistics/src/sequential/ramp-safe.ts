import { notTestable } from '../result.ts';
import { demandCount, demandFraction } from './demands.ts';
import { alwaysValidP, type Bounds, type Evidence, logSumExp, type Reading } from './evidence.ts';

/** The relative risks r that are weighed: 81 points from .1 to 10, even in ln r; point 40 is r = 1 exactly. */
const points = 81;
const atOne = 40;
const step = Math.log(100) / 80;
const logRisks = Array.from({ length: points }, (_, i) => (i - atOne) * step);
const riskMinusOne = logRisks.map(Math.expm1);

/** ln of a normal prior on ln r with deviation .8, over the points from `first` to `last` alone. */
const logPrior = (first: number, last: number): number[] => {
  const raw = logRisks.slice(first, last + 1).map((logRisk) => -((logRisk / 0.8) ** 2) / 2);
  const total = logSumExp(raw);
  return raw.map((weight) => weight - total);
};
const rollbackPrior = logPrior(atOne, points - 1);
const wholePrior = logPrior(0, points - 1);
const promotePriors = Array.from({ length: points }, (_, last) => logPrior(0, last));

/** The last point below 1 + margin, found on the axis of ln r so that rounding cannot decide. */
const lastBelow = (margin: number): number => Math.min(points - 1, Math.ceil(atOne + Math.log1p(margin) / step - 1e-9) - 1);

export interface RampSafeOptions {
  /** Promotion shows that the canary's risk is below 1 + margin times the baseline's. From -.8 to 9. */
  readonly margin?: number;
  /** The largest probability of ever rolling back a canary that is no worse. */
  readonly alphaRollback?: number;
  /** The largest probability of ever promoting a canary that is worse by the margin or more. */
  readonly alphaPromote?: number;
  /** Crossings before this many events are not acted upon. */
  readonly minEvents?: number;
}

/** All that the process remembers; JSON and back changes no bit of it. */
export interface RampSafe {
  readonly process: 'ramp-safe';
  readonly margin: number;
  readonly alphaRollback: number;
  readonly alphaPromote: number;
  readonly minEvents: number;
  /** Bad events of the canary and of the baseline. */
  readonly canary: number;
  readonly baseline: number;
  /** ln L(r)/L(1) at each point of the grid, and at r = 1 + margin. */
  readonly logLikelihood: readonly number[];
  readonly logLikelihoodAtMargin: number;
  readonly logRollback: number;
  readonly logPromote: number;
  readonly maxLogRollback: number;
  readonly maxLogPromote: number;
  /** Number of the event (from 1) with which 1/α was first reached; null before. */
  readonly rollbackAt: number | null;
  readonly promoteAt: number | null;
}

/** One bad event, while a share of the traffic strictly between 0 and 1 went to the canary. */
export interface AttributedEvent {
  readonly canary: boolean;
  readonly share: number;
}

/**
 * Begins the ramp-safe process: is the canary's risk of a bad event too high (roll back) or shown to be low enough (promote),
 * while the traffic's shares may change at will and at every look? Defaults: margin .5, both α .05, 5 events.
 * Changing an option after the first event voids the guarantee: begin a new process instead. Count at most one event a unit of
 * randomisation, else one noisy user imitates a bad canary. RangeError for options out of range.
 */
export const rampSafe = ({ margin = 0.5, alphaRollback = 0.05, alphaPromote = 0.05, minEvents = 5 }: RampSafeOptions = {}): RampSafe => {
  if (!(margin >= -0.8 && margin <= 9))
    throw new RangeError(`margin lies between -.8 and 9, which the grid of risks covers, not ${margin}`);
  demandFraction('alphaRollback', alphaRollback);
  demandFraction('alphaPromote', alphaPromote);
  demandCount('minEvents', minEvents);
  return {
    process: 'ramp-safe',
    margin,
    alphaRollback,
    alphaPromote,
    minEvents,
    canary: 0,
    baseline: 0,
    logLikelihood: logRisks.map(() => 0),
    logLikelihoodAtMargin: 0,
    logRollback: 0,
    logPromote: 0,
    maxLogRollback: 0,
    maxLogPromote: 0,
    rollbackAt: null,
    promoteAt: null,
  };
};

/**
 * The state after one more bad event. Under relative risk r it is the canary's with probability θ(r) = rρ/(rρ + 1 − ρ), ρ its share
 * when the event's request was routed, whatever the base rate does. With L(r) the product of θ and 1 − θ over the events:
 * E_rollback = Σ w L(g)/L(1) over g ≥ 1 (null r ≤ 1); E_promote = Σ w L(g)/L(1 + margin) over g < 1 + margin (null r ≥ 1 + margin).
 * Source: Lindon, Malek 2020 (2011.03567) and Lindon, Sanden, Shirikian 2022 (2205.14762), with the share taken event by event.
 * Sums run in a fixed order, so that a replay gives the same bits on the same JavaScript engine; one event costs a few µs.
 * RangeError unless 0 < share < 1: with one version alone an event says nothing and is left out.
 */
export const observeRampSafe = (state: RampSafe, { canary, share }: AttributedEvent): RampSafe => {
  demandFraction('share', share);
  const logLikelihood = state.logLikelihood.slice();
  for (let i = 0; i < points; i++) logLikelihood[i]! += (canary ? logRisks[i]! : 0) - Math.log1p(share * riskMinusOne[i]!);
  const logLikelihoodAtMargin = state.logLikelihoodAtMargin + ((canary ? Math.log1p(state.margin) : 0) - Math.log1p(share * state.margin));
  const logRollback = logMixture(rollbackPrior, logLikelihood, atOne) + 0;
  const logPromote = logMixture(promotePriors[lastBelow(state.margin)]!, logLikelihood, 0) - logLikelihoodAtMargin + 0;
  const events = state.canary + state.baseline + 1;
  const crossed = (logE: number, alpha: number) => (events >= state.minEvents && logE >= -Math.log(alpha) ? events : null);
  return {
    ...state,
    canary: state.canary + (canary ? 1 : 0),
    baseline: state.baseline + (canary ? 0 : 1),
    logLikelihood,
    logLikelihoodAtMargin,
    logRollback,
    logPromote,
    maxLogRollback: Math.max(state.maxLogRollback, logRollback),
    maxLogPromote: Math.max(state.maxLogPromote, logPromote),
    rollbackAt: state.rollbackAt ?? crossed(logRollback, state.alphaRollback),
    promoteAt: state.promoteAt ?? crossed(logPromote, state.alphaPromote),
  };
};

/** ln Σ w L over the points from `first` on, as many as have a weight. */
const logMixture = (logWeights: readonly number[], logLikelihood: readonly number[], first: number): number => {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logWeights.length; i++) top = Math.max(top, logWeights[i]! + logLikelihood[first + i]!);
  let sum = 0;
  for (let i = 0; i < logWeights.length; i++) sum += Math.exp(logWeights[i]! + logLikelihood[first + i]! - top);
  return top + Math.log(sum);
};

export interface RampSafeDecision {
  readonly decision: 'rollback' | 'promote' | 'hold';
  /** Number of the event that decided; null for hold. */
  readonly atEvent: number | null;
  /** As a sentence. */
  readonly why: string;
}

/**
 * The verdict: rollback once E_rollback reached 1/α_rollback, else promote once E_promote reached 1/α_promote, else hold. A crossing is
 * kept, so that the verdict does not depend on when one looks; going on after a promotion, the process may still roll back.
 * No event is a hold: no data is never a pass.
 */
export const decideRampSafe = (state: RampSafe): RampSafeDecision => {
  const { rollbackAt, promoteAt, margin, alphaRollback, alphaPromote } = state;
  if (rollbackAt !== null) {
    return {
      decision: 'rollback',
      atEvent: rollbackAt,
      why: `At event ${rollbackAt} the evidence for a worse canary reached 1/${alphaRollback}`,
    };
  }
  if (promoteAt !== null) {
    const why = `At event ${promoteAt} the evidence for a risk below ${1 + margin} times the baseline's reached 1/${alphaPromote}`;
    return { decision: 'promote', atEvent: promoteAt, why };
  }
  const events = state.canary + state.baseline;
  const why =
    events < state.minEvents
      ? `${events} of at least ${state.minEvents} events have been seen`
      : `${events} events speak for neither side yet`;
  return { decision: 'hold', atEvent: null, why };
};

export interface RampSafeReading extends Evidence, RampSafeDecision {
  /** Of the null r ≤ 1 (small: worse) and of the null r ≥ 1 + margin (small: good enough). */
  readonly rollback: { readonly logE: number; readonly pValue: number };
  readonly promote: { readonly logE: number; readonly pValue: number };
  /** Median of the weights after the events, between points in ln r: a shrunken estimate, near the maximum likelihood once events are many. */
  readonly relativeRisk: number;
  /** Time-uniform: all r with Σ w L(g) < L(r)/α over the whole grid, rounded outward to its points, 5.9 % apart. */
  readonly interval: Bounds;
}

/** The verdict with its evidence (`logE` and `pValue` are those of rollback), estimate and interval. Not testable before the first event. */
export const readRampSafe = (state: RampSafe, confidence = 0.95): Reading<RampSafeReading> => {
  demandFraction('confidence', confidence);
  const method = `ramp-safe e-process, margin ${state.margin}`;
  const sizes = [state.canary, state.baseline];
  if (state.canary + state.baseline === 0) return notTestable(method, sizes, 'no bad event has been seen');
  const rollback = { logE: state.logRollback, pValue: alwaysValidP(state.maxLogRollback) };
  const promote = { logE: state.logPromote, pValue: alwaysValidP(state.maxLogPromote) };
  const weights = wholePrior.map((weight, i) => weight + state.logLikelihood[i]!);
  const total = logSumExp(weights);
  return {
    testable: true,
    method,
    sizes,
    ...rollback,
    ...decideRampSafe(state),
    rollback,
    promote,
    relativeRisk: medianRisk(weights.map((weight) => Math.exp(weight - total))),
    interval: { ...keptRisks(state.logLikelihood, total + Math.log(1 - confidence)), confidence },
  };
};

const medianRisk = (weights: readonly number[]): number => {
  let below = 0;
  let i = 0;
  while (i < points - 1 && below + weights[i]! < 0.5) below += weights[i++]!;
  // Each point's weight lies evenly on the half steps around it.
  return Math.exp(logRisks[i]! + ((0.5 - below) / weights[i]! - 0.5) * step);
};

/** ln L is concave in ln r, so what is kept is one interval; its ends lie before the next points that are not kept. */
const keptRisks = (logLikelihood: readonly number[], atLeast: number): { low: number | null; high: number | null } => {
  let first = logLikelihood.findIndex((value) => value > atLeast);
  let last = logLikelihood.findLastIndex((value) => value > atLeast);
  // Narrower than a step: it lies beside the best point.
  if (first < 0) first = last = logLikelihood.indexOf(Math.max(...logLikelihood));
  return {
    low: first === 0 ? null : Math.exp(logRisks[first - 1]!),
    high: last === points - 1 ? null : Math.exp(logRisks[last + 1]!),
  };
};
