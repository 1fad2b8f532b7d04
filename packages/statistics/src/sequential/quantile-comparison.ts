import type { NotTestable } from '../result.ts';
import { demandFinite } from './demands.ts';
import type { Bounds } from './evidence.ts';
import { type QuantileReading, type Quantiles, readQuantile } from './quantile-sequence.ts';

export interface QuantileComparisonOptions {
  /** Which quantiles; the default is p50, p95 and p99. */
  readonly levels?: readonly number[];
  /** The canary may be slower by this share of the baseline: .1 allows a tenth. */
  readonly margin?: number;
  /** Error rate of each quantile, half of it for each arm. Where any of k quantiles may decide, give α/k. */
  readonly alpha?: number;
}

export interface QuantileComparison {
  readonly p: number;
  readonly canary: QuantileReading | NotTestable;
  readonly baseline: QuantileReading | NotTestable;
  /** Worse: canary's low > (1 + margin)·baseline's high. Not worse: canary's high ≤ (1 + margin)·baseline's low. */
  readonly verdict: 'worse' | 'not worse' | 'undecided';
  /** Canary's quantile over the baseline's, time-uniform; null where an arm sets no bound or the baseline's is 0. */
  readonly ratio: Bounds;
}

/**
 * Compares quantiles of two arms that run at the same time, at any time and as often as one likes: each arm's sequence holds with 1 − α/2,
 * so both do with 1 − α. For values from 0 on. Source: Howard, Ramdas 2022 (1906.09712), with a margin.
 * RangeError for a margin ≤ −1 and as `readQuantile`.
 */
export const compareQuantiles = (
  canary: readonly number[] | Quantiles,
  baseline: readonly number[] | Quantiles,
  { levels = [0.5, 0.95, 0.99], margin = 0, alpha = 0.05 }: QuantileComparisonOptions = {},
): QuantileComparison[] => {
  demandFinite('margin', margin);
  if (margin <= -1) throw new RangeError(`margin is above -1, not ${margin}`);
  return levels.map((p) => {
    const ours = readQuantile(canary, p, alpha / 2);
    const theirs = readQuantile(baseline, p, alpha / 2);
    const [low, high] = ours.testable ? [ours.interval.low, ours.interval.high] : [null, null];
    const [baseLow, baseHigh] = theirs.testable ? [theirs.interval.low, theirs.interval.high] : [null, null];
    const isWorse = low !== null && baseHigh !== null && low > (1 + margin) * baseHigh;
    const isNotWorse = high !== null && baseLow !== null && high <= (1 + margin) * baseLow;
    return {
      p,
      canary: ours,
      baseline: theirs,
      verdict: isWorse ? 'worse' : isNotWorse ? 'not worse' : 'undecided',
      ratio: { low: over(low, baseHigh), high: over(high, baseLow), confidence: 1 - alpha },
    };
  });
};

const over = (a: number | null, b: number | null): number | null => (a === null || b === null || b <= 0 ? null : a / b);
