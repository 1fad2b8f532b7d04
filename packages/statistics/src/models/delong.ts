import { type Estimate, notEstimable } from '../estimate.ts';
import { normalQuantile } from '../normal-quantile.ts';
import type { Ranked } from '../ranking-scores.ts';

/** The area under the ROC curve with the variance of its estimate; null where one of the kinds is missing. */
export interface AreaVariance {
  readonly positives: number;
  readonly negatives: number;
  readonly area: number;
  /** Null with fewer than two rows of a kind. */
  readonly variance: number | null;
}

const method = 'ROC AUC, DeLong';

/**
 * The area under the ROC curve with DeLong's interval: area ± z √(s₁₀/P + s₀₁/N), cut to [0, 1]. Without unit; 0.5 is chance.
 * s₁₀ and s₀₁ are the variances of each positive's and each negative's share of pairs in the right order, a tie counting half.
 * Source: DeLong, DeLong, Clarke-Pearson 1988; by midranks, Sun and Xu 2014. No interval for fewer than two rows of a kind, nor for kinds
 * that are apart entirely, where the estimated variance is 0. RangeError as `rocAuc`, or for a confidence outside 0 to 1.
 */
export const rocAucInterval = (ranked: Ranked, confidence = 0.95): Estimate => {
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`A confidence lies strictly between 0 and 1, not ${confidence}`);
  const sizes = [ranked.positive.length];
  const found = areaVariance(ranked);
  if (found === null) return notEstimable(method, sizes, 'rows of one of the two kinds are missing');
  const { area: value, variance } = found;
  if (variance === null) return { value, interval: null, method, sizes, why: 'an interval needs two rows of each kind' };
  if (variance === 0) return { value, interval: null, method, sizes, why: 'the kinds do not overlap, so their spread says nothing' };
  const half = normalQuantile((1 + confidence) / 2) * Math.sqrt(variance);
  return { value, interval: { low: Math.max(0, value - half), high: Math.min(1, value + half), confidence }, method, sizes };
};

export const areaVariance = (ranked: Ranked): AreaVariance | null => {
  const placed = placements(ranked);
  if (placed === null) return null;
  const wins = placed.filter((_, i) => ranked.positive[i]);
  const losses = placed.filter((_, i) => !ranked.positive[i]);
  const area = wins.reduce((a, b) => a + b, 0) / wins.length;
  const variance = wins.length < 2 || losses.length < 2 ? null : variation(wins) / wins.length + variation(losses) / losses.length;
  return { positives: wins.length, negatives: losses.length, area, variance };
};

/**
 * For each row the share of the rows of the other kind that are in the right order with it, a tie counting half; the mean over either kind is
 * the area. Null where one of the kinds is missing. RangeError as `rocAuc`.
 */
export const placements = ({ positive, scores }: Ranked): Float64Array | null => {
  if (positive.length !== scores.length) throw new RangeError(`${positive.length} rows, but ${scores.length} scores`);
  const odd = scores.findIndex((score) => !Number.isFinite(score));
  if (odd !== -1) throw new RangeError(`The score of row ${odd} is not a finite number`);
  const above = scores.filter((_, i) => positive[i]);
  const below = scores.filter((_, i) => !positive[i]);
  if (above.length === 0 || below.length === 0) return null;
  const wins = shareBelow(above, below);
  const losses = shareBelow(below, above);
  let [seenAbove, seenBelow] = [0, 0];
  return Float64Array.from(positive, (yes) => (yes ? wins[seenAbove++]! : 1 - losses[seenBelow++]!));
};

/** For each score the share of the others that are lower, equal ones counting half. */
const shareBelow = (scores: readonly number[], others: readonly number[]): Float64Array => {
  const sorted = Float64Array.from(others).sort();
  const order = Uint32Array.from(scores, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  const shares = new Float64Array(scores.length);
  let lower = 0;
  let upTo = 0;
  for (const i of order) {
    while (lower < sorted.length && sorted[lower]! < scores[i]!) lower++;
    while (upTo < sorted.length && sorted[upTo]! <= scores[i]!) upTo++;
    shares[i] = (lower + upTo) / (2 * sorted.length);
  }
  return shares;
};

export const variation = (values: Float64Array): number => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
};
