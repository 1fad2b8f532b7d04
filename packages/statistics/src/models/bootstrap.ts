import { type Estimate, notEstimable } from '../estimate.ts';
import { normalQuantile } from '../normal-quantile.ts';
import { normalCdf } from '../special/normal.ts';
import { createResample, leavingOut } from './resample.ts';

/** Any number computed from rows, given by their numbers; null where these rows leave it without a value. It must not keep the list. */
export type Statistic = (rows: Uint32Array) => number | null;

export interface BootstrapOptions {
  readonly rows: number;
  /** BCa corrects for bias and skewness, and costs up to 500 evaluations more. */
  readonly method?: 'bca' | 'percentile';
  readonly replicates?: number;
  readonly confidence?: number;
  /** The same seed gives the same interval. */
  readonly seed?: number;
  /** A stratum for each row; every replicate keeps their sizes, as where a fixed number of each class was collected. */
  readonly strata?: ArrayLike<string | number>;
}

/**
 * A statistic with an interval from resampled rows, in the statistic's unit. It needs rows that are independent.
 * Percentile: the quantiles (1 ± confidence)/2 of the replicates. BCa: those at Φ(z₀ + (z₀ + z)/(1 - a(z₀ + z))), with
 * z₀ = Φ⁻¹(share of replicates below the statistic, ties half) and a = Σd³/(6 (Σd²)^1.5), d the jackknife's mean minus its values.
 * Source: Efron 1987; Efron and Tibshirani 1993, sections 13.3 and 14.3. Above 500 rows the jackknife leaves out 200 random parts.
 * No interval where over 5 % of the replicates have no value; fewer are left out.
 * RangeError for a number of rows or replicates that is not whole and positive (rows may be 0), a confidence outside 0 to 1, or strata that
 * do not fit.
 */
export const bootstrap = (statistic: Statistic, options: BootstrapOptions): Estimate => {
  const { rows, method: kind = 'bca', replicates = 2000, confidence = 0.95, seed = 0, strata } = options;
  check({ rows, replicates, confidence });
  const method = `bootstrap, ${kind === 'bca' ? 'BCa' : 'percentile'}, ${replicates} replicates`;
  if (rows === 0) return notEstimable(method, [0], 'there are no rows');
  const value = statistic(Uint32Array.from({ length: rows }, (_, i) => i));
  if (value === null) return notEstimable(method, [rows], 'the statistic has no value on these rows');
  const without = (why: string): Estimate => ({ value, interval: null, method, sizes: [rows], why });

  const resample = createResample({ rows, seed, ...(strata && { strata }) });
  const found = new Float64Array(replicates);
  let defined = 0;
  for (let b = 0; b < replicates; b++) {
    const replicate = statistic(resample());
    if (replicate !== null) found[defined++] = replicate;
  }
  if (defined < 0.95 * replicates) return without(`${replicates - defined} of ${replicates} replicates have no value`);
  const sorted = found.subarray(0, defined).sort();
  const at = (share: number): number => quantileOf(sorted, share);
  const tail = (1 - confidence) / 2;
  if (kind === 'percentile') return { value, interval: { low: at(tail), high: at(1 - tail), confidence }, method, sizes: [rows] };

  const below = shareBelow(sorted, value);
  if (below === 0 || below === 1) return without('the statistic lies outside of all its replicates');
  const acceleration = accelerationOf(statistic, { rows, seed });
  if (acceleration === null) return without('the statistic has no value without some of the rows');
  const bias = normalQuantile(below);
  const corrected = (p: number): number => {
    const z = bias + normalQuantile(p);
    const scale = 1 - acceleration * z;
    return scale > 0 ? normalCdf(bias + z / scale) : z > 0 ? 1 : 0;
  };
  return { value, interval: { low: at(corrected(tail)), high: at(corrected(1 - tail)), confidence }, method, sizes: [rows] };
};

/** Two models on the same rows. */
export interface Compared {
  readonly first: number | null;
  readonly second: number | null;
  /** First minus second. Its interval leaves out 0 where they differ beyond chance. */
  readonly difference: Estimate;
}

/**
 * The difference of a statistic between two models on the same rows: each replicate draws rows once for both, so that what makes rows easy or
 * hard for both cancels. Source and errors as `bootstrap`.
 */
export const pairedBootstrap = (models: { first: Statistic; second: Statistic }, options: BootstrapOptions): Compared => {
  const difference = bootstrap((rows) => {
    const [first, second] = [models.first(rows), models.second(rows)];
    return first === null || second === null ? null : first - second;
  }, options);
  const all = Uint32Array.from({ length: options.rows }, (_, i) => i);
  const whole = (statistic: Statistic): number | null => (options.rows === 0 ? null : statistic(all));
  return { first: whole(models.first), second: whole(models.second), difference };
};

const check = ({ rows, replicates, confidence }: { rows: number; replicates: number; confidence: number }): void => {
  if (!Number.isSafeInteger(rows) || rows < 0) throw new RangeError(`The number of rows is whole and not negative, not ${rows}`);
  if (!Number.isSafeInteger(replicates) || replicates < 100)
    throw new RangeError(`A bootstrap needs 100 replicates or more, not ${replicates}`);
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`A confidence lies strictly between 0 and 1, not ${confidence}`);
};

/** Straight between the order statistics, the first at 0 and the last at 1. */
const quantileOf = (sorted: Float64Array, share: number): number => {
  const position = share * (sorted.length - 1);
  const low = Math.floor(position);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low]! + (position - low) * (sorted[high]! - sorted[low]!);
};

const shareBelow = (values: Float64Array, bound: number): number => {
  let twice = 0;
  for (const value of values) twice += value < bound ? 2 : value === bound ? 1 : 0;
  return twice / (2 * values.length);
};

const accelerationOf = (statistic: Statistic, { rows, seed }: { rows: number; seed: number }): number | null => {
  const values: number[] = [];
  for (const left of leavingOut(rows, seed)) {
    const value = left.length === 0 ? null : statistic(left);
    if (value === null) return null;
    values.push(value);
  }
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((sum, x) => sum + (mean - x) ** 2, 0);
  return squares === 0 ? 0 : values.reduce((sum, x) => sum + (mean - x) ** 3, 0) / (6 * squares ** 1.5);
};
