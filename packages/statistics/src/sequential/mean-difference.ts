import { notTestable } from '../result.ts';
import { demandCount, demandFinite, demandFraction, demandPositive } from './demands.ts';
import { alwaysValidP, type Evidence, type Reading } from './evidence.ts';
import { type Moments, noMoments, varianceOf, withValue } from './moments.ts';
import type { Interval } from '../proportion.ts';

export interface MeanDifferenceOptions {
  /** Variance of the differences one expects, in squared units of the values: the square of a difference that would matter. */
  readonly tau2: number;
  readonly alpha?: number;
  /** Values that each arm has before the first look, for its variance is estimated. */
  readonly minSize?: number;
}

/** All that the process remembers; JSON and back changes no bit of it. */
export interface MeanDifference {
  readonly process: 'mean-difference';
  readonly tau2: number;
  readonly alpha: number;
  readonly minSize: number;
  readonly canary: Moments;
  readonly baseline: Moments;
  readonly logE: number;
  readonly maxLogE: number;
}

/**
 * ln Λ of the mixture sequential probability ratio test for no difference: with D the difference of means, v its variance
 * (s²/n of one arm plus that of the other): ½ ln(v/(v + τ²)) + τ²D²/(2v(v + τ²)). For equal arms this is
 * √(V/(V + nτ²)) exp(n²τ²D²/(2V(V + nτ²))) with V = 2s². Source: Johari, Koomen, Pekelis, Walsh 2022 (1512.04922).
 * RangeError unless D is finite and both variances are positive.
 */
export const logMsprt = (difference: number, variance: number, tau2: number): number => {
  demandFinite('difference', difference);
  demandPositive('variance', variance);
  demandPositive('tau2', tau2);
  const exponent = ((difference / Math.sqrt(variance)) * Math.sqrt(tau2 / (variance + tau2))) ** 2;
  // Values that hardly vary give evidence beyond all numbers.
  return Math.min(Number.MAX_VALUE, (exponent - (Math.log(variance + tau2) - Math.log(variance))) / 2) + 0;
};

/**
 * Begins the mSPRT of two arms' means. With estimated variances its error rate holds in the limit, hence `minSize`, 30 by default.
 * RangeError for options out of range.
 */
export const meanDifference = ({ tau2, alpha = 0.05, minSize = 30 }: MeanDifferenceOptions): MeanDifference => {
  demandPositive('tau2', tau2);
  demandFraction('alpha', alpha);
  demandCount('minSize', minSize);
  return { process: 'mean-difference', tau2, alpha, minSize, canary: noMoments, baseline: noMoments, logE: 0, maxLogE: 0 };
};

/** The state after one more value of one arm. RangeError for a value that is not finite. */
export const observeMeanDifference = (
  state: MeanDifference,
  { canary: isCanary, value }: { readonly canary: boolean; readonly value: number },
): MeanDifference => {
  const canary = isCanary ? withValue(state.canary, value) : state.canary;
  const baseline = isCanary ? state.baseline : withValue(state.baseline, value);
  const variance = varianceOf(canary) / canary.n + varianceOf(baseline) / baseline.n;
  const isReadable = Math.min(canary.n, baseline.n) >= Math.max(2, state.minSize) && variance > 0;
  const logE = isReadable ? logMsprt(canary.mean - baseline.mean, variance, state.tau2) : 0;
  return { ...state, canary, baseline, logE, maxLogE: Math.max(state.maxLogE, logE) };
};

export interface MeanDifferenceReading extends Evidence {
  /** Canary's mean minus the baseline's, in units of the values. */
  readonly difference: number;
  /** D ± √(2v(v + τ²)/τ² · (ln(1/α) + ½ ln(1 + τ²/v))), all differences that the test does not refuse now. */
  readonly interval: Interval;
}

/** What the test says now. Not testable while an arm is too small or nothing varies. */
export const readMeanDifference = (state: MeanDifference, confidence = 1 - state.alpha): Reading<MeanDifferenceReading> => {
  demandFraction('confidence', confidence);
  const { canary, baseline, tau2 } = state;
  const method = `mSPRT of two means, tau2 ${tau2}`;
  const sizes = [canary.n, baseline.n];
  const needed = Math.max(2, state.minSize);
  if (Math.min(canary.n, baseline.n) < needed) return notTestable(method, sizes, `each arm needs ${needed} values`);
  const variance = varianceOf(canary) / canary.n + varianceOf(baseline) / baseline.n;
  if (!(variance > 0)) return notTestable(method, sizes, 'the values do not vary');
  const difference = canary.mean - baseline.mean;
  const reach = (Math.log(variance + tau2) - Math.log(variance)) / 2 - Math.log(1 - confidence);
  const radius = Math.sqrt(2 * variance * (variance / tau2 + 1) * reach);
  return {
    testable: true,
    method,
    sizes,
    logE: state.logE,
    pValue: alwaysValidP(state.maxLogE),
    difference,
    interval: { low: difference - radius, high: difference + radius, confidence },
  };
};
