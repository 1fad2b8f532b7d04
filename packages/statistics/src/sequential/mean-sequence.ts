import type { Interval } from '../proportion.ts';
import { notTestable, type NotTestable } from '../result.ts';
import { demandCount, demandFraction, demandMagnitude, demandPositive } from './demands.ts';
import { alwaysValidP } from './evidence.ts';
import { type Moments, noMoments, varianceOf, withValue } from './moments.ts';

/** A mean with its confidence sequence, in units of the values. */
export interface MeanReading {
  readonly testable: true;
  readonly method: string;
  readonly sizes: readonly number[];
  readonly mean: number;
  /** Time-uniform. */
  readonly interval: Interval;
  /** Against the mean that was given as the null, else null. */
  readonly logE: number | null;
  readonly pValue: number | null;
}

export interface MeanSequenceOptions {
  readonly alpha?: number;
  /** The number of values at which the sequence is to be narrowest. */
  readonly tunedFor?: number;
  /** A mean to gather evidence against, such as 0 for differences. */
  readonly nullMean?: number | null;
  /** Values before the first look: the sequence holds in the limit. */
  readonly minSize?: number;
}

/** All that the process remembers; JSON and back changes no bit of it. */
export interface MeanSequence {
  readonly process: 'mean-sequence';
  readonly alpha: number;
  readonly tunedFor: number;
  readonly nullMean: number | null;
  readonly minSize: number;
  readonly moments: Moments;
  readonly logE: number;
  readonly maxLogE: number;
}

/**
 * ρ² of the Gaussian mixture that makes the sequence narrowest at t* values: (−2 ln α + ln(1 − 2 ln α))/t*.
 * Source: Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas 2024 (2103.06476), appendix on tuning.
 */
export const mixtureRho2 = (alpha: number, tunedFor: number): number => {
  demandFraction('alpha', alpha);
  demandPositive('tunedFor', tunedFor);
  return (-2 * Math.log(alpha) + Math.log(1 - 2 * Math.log(alpha))) / tunedFor;
};

/** Half the width at n values of deviation 1: √(2(nρ² + 1)/(n²ρ²) · ln(√(nρ² + 1)/α)). Source: as `mixtureRho2`, theorem 2.2. RangeError for n < 1. */
export const asymptoticRadius = (n: number, alpha = 0.05, tunedFor = 1000): number => {
  demandPositive('n', n);
  const rho2 = mixtureRho2(alpha, tunedFor);
  const scale = n * rho2 + 1;
  return Math.sqrt(((2 * scale) / (n * n * rho2)) * (Math.log(scale) / 2 - Math.log(alpha)));
};

/** Begins an asymptotic confidence sequence of a mean: any values with a variance. Defaults: α .05, tuned for 1000, first look at 30. */
export const meanSequence = ({ alpha = 0.05, tunedFor = 1000, nullMean = null, minSize = 30 }: MeanSequenceOptions = {}): MeanSequence => {
  mixtureRho2(alpha, tunedFor);
  demandCount('minSize', minSize);
  if (nullMean !== null) demandMagnitude('nullMean', nullMean);
  return { process: 'mean-sequence', alpha, tunedFor, nullMean, minSize, moments: noMoments, logE: 0, maxLogE: 0 };
};

/** The state after one more value; ln E = ρ²(n(x̄ − m)/s)²/(2(nρ² + 1)) − ½ ln(nρ² + 1) against the null mean m. RangeError unless finite. */
export const observeMean = (state: MeanSequence, value: number): MeanSequence => {
  const moments = withValue(state.moments, value);
  const variance = varianceOf(moments);
  if (state.nullMean === null || moments.n < Math.max(2, state.minSize) || !(variance > 0)) return { ...state, moments };
  const rho2 = mixtureRho2(state.alpha, state.tunedFor);
  const scale = moments.n * rho2 + 1;
  const away = (moments.n * (moments.mean - state.nullMean)) / Math.sqrt(variance);
  // Values that hardly vary give evidence beyond all numbers.
  const logE = Math.min(Number.MAX_VALUE, (rho2 * away * away) / (2 * scale) - Math.log(scale) / 2);
  return { ...state, moments, logE, maxLogE: Math.max(state.maxLogE, logE) };
};

/** The mean with its sequence. Not testable while the values are too few or do not vary. */
export const readMean = (state: MeanSequence): MeanReading | NotTestable => {
  const { moments, alpha, tunedFor, nullMean } = state;
  const method = `asymptotic confidence sequence, tuned for ${tunedFor}`;
  const needed = Math.max(2, state.minSize);
  if (moments.n < needed) return notTestable(method, [moments.n], `the sequence begins at ${needed} values`);
  const variance = varianceOf(moments);
  if (!(variance > 0)) return notTestable(method, [moments.n], 'the values do not vary');
  const radius = Math.sqrt(variance) * asymptoticRadius(moments.n, alpha, tunedFor);
  return {
    testable: true,
    method,
    sizes: [moments.n],
    mean: moments.mean,
    interval: { low: moments.mean - radius, high: moments.mean + radius, confidence: 1 - alpha },
    logE: nullMean === null ? null : state.logE,
    pValue: nullMean === null ? null : alwaysValidP(state.maxLogE),
  };
};
