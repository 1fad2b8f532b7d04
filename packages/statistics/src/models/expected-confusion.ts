import { type Estimate, notEstimable } from '../estimate.ts';
import { normalQuantile } from '../normal-quantile.ts';

/** Rows by truth and prediction; expected numbers may be fractions. */
export interface ConfusionCounts {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

export const confusionMetrics = ['accuracy', 'precision', 'recall', 'f1', 'specificity'] as const;
export type ConfusionMetric = (typeof confusionMetrics)[number];

/** A share of the rows that it is about, and what is missing where there are none of those. */
const shares: Record<ConfusionMetric, (c: ConfusionCounts) => { hits: number; of: number; why: string }> = {
  accuracy: ({ tp, fp, fn, tn }) => ({ hits: tp + tn, of: tp + fp + fn + tn, why: 'there are no rows' }),
  precision: ({ tp, fp }) => ({ hits: tp, of: tp + fp, why: 'no row is predicted positive' }),
  recall: ({ tp, fn }) => ({ hits: tp, of: tp + fn, why: 'no row is expected to be positive' }),
  f1: ({ tp, fp, fn }) => ({ hits: tp, of: tp + fp + fn, why: 'no row is predicted or expected to be positive' }),
  specificity: ({ fp, tn }) => ({ hits: tn, of: fp + tn, why: 'no row is expected to be negative' }),
};

/**
 * The standard deviation that one row contributes, and the share of rows that contribute: the sampling error over n rows is
 * deviation/√(n · share). A share q of rows has √(q(1 - q)); f1 = 2q/(1 + q) of q = tp/(tp + fp + fn) has that times 2/(1 + q)².
 */
export interface Spread {
  readonly deviation: number;
  readonly share: number;
}

export const spreadOf = (metric: ConfusionMetric, counts: ConfusionCounts): Spread | null => {
  const { hits, of } = shares[metric](counts);
  if (!(of > 0)) return null;
  const q = Math.min(1, hits / of);
  const rows = counts.tp + counts.fp + counts.fn + counts.tn;
  return { deviation: Math.sqrt(q * (1 - q)) * (metric === 'f1' ? 2 / (1 + q) ** 2 : 1), share: of / rows };
};

/** A metric of expected counts within its sampling error; `spread` comes from labelled rows, or from these counts. */
export const confusionEstimate = (
  metric: ConfusionMetric,
  counts: ConfusionCounts,
  { rows, spread, confidence, method }: { rows: number; spread: Spread | null; confidence: number; method: string },
): Estimate => {
  const { hits, of, why } = shares[metric](counts);
  if (!(of > 0)) return notEstimable(method, [rows], why);
  const q = Math.min(1, hits / of);
  const value = metric === 'f1' ? (2 * q) / (1 + q) : q;
  if (spread === null) return { value, interval: null, method, sizes: [rows], why: 'the reference has no row that this is about' };
  return { value, interval: bandAround(value, spread.deviation / Math.sqrt(rows * spread.share), confidence), method, sizes: [rows] };
};

export const bandAround = (value: number, error: number, confidence: number): { low: number; high: number; confidence: number } => {
  const half = normalQuantile((1 + confidence) / 2) * error;
  return { low: Math.max(0, value - half), high: Math.min(1, value + half), confidence };
};
