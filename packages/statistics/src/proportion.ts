import { normalQuantile } from './normal-quantile.ts';

/** Both ends belong to it. `confidence` is the share of such intervals that hold the true value. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
}

/** A share of successes in trials. `value` and `interval` are null where there was no trial. */
export interface Proportion {
  readonly successes: number;
  readonly trials: number;
  readonly value: number | null;
  readonly interval: Interval | null;
}

const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;

/**
 * Wilson's score interval for a binomial share, without continuity correction; null for no trials.
 * With p = successes/n and z = Φ⁻¹((1 + confidence)/2): (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n).
 * Source: Wilson 1927; Brown, Cai, DasGupta 2001, section 3.1.1. Without unit, within [0, 1].
 * RangeError unless 0 ≤ successes ≤ n are whole numbers and 0 < confidence < 1.
 */
export const wilson = (successes: number, n: number, confidence = 0.95): Interval | null => {
  if (!isCount(successes) || !isCount(n) || successes > n) {
    throw new RangeError(`Successes and trials are whole numbers with 0 ≤ successes ≤ trials, not ${successes} of ${n}`);
  }
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`A confidence lies strictly between 0 and 1, not ${confidence}`);
  if (n === 0) return null;
  const z = normalQuantile((1 + confidence) / 2);
  const p = successes / n;
  const scale = 1 + (z * z) / n;
  const centre = (p + (z * z) / (2 * n)) / scale;
  const half = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / scale;
  // Rounding alone keeps the ends from 0 and 1 where they are exactly that.
  return { low: successes === 0 ? 0 : Math.max(0, centre - half), high: successes === n ? 1 : Math.min(1, centre + half), confidence };
};

/** A share with its Wilson interval. Errors as `wilson`. */
export const proportion = (successes: number, trials: number, confidence = 0.95): Proportion => ({
  successes,
  trials,
  interval: wilson(successes, trials, confidence),
  value: trials === 0 ? null : successes / trials,
});
