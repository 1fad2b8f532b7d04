import { type Estimate, normalQuantile, notEstimable } from '@boucle/statistics';
import { type Metric, metric, withError } from './metric.ts';

/** `counts[i][j]`: rows of label i that were said to be label j. */
export type Counts = readonly (readonly number[])[];

/**
 * Precision, recall and F1 averaged over labels (`macro`: those that occur or are predicted count alike; `weighted`: by support), and Matthews'
 * correlation. What is undefined for a label counts as 0 there. Intervals by the delta method: a statistic of the counts n with the derivative
 * d at each has the variance Σ n d², for all of these depend on the shares of the counts alone. Without unit.
 * Source: Takahashi, Yamamoto, Kuchiba, Koyama 2022 for F1; Gorodkin 2004 for the correlation of many labels.
 */
export const averages = (counts: Counts, confidence: number): Metric[] => {
  const table = tableOf(counts);
  const estimates = Object.entries(parts).flatMap(([name, part]) => [
    metric(`${name}_macro`, macro(table, part, confidence)),
    metric(`${name}_weighted`, weighted(table, part, confidence)),
  ]);
  return [...estimates, metric('matthews', matthews(table, confidence))];
};

/** The mean F1 over labels that occur or are predicted; null without rows. */
export const macroF1 = (counts: Counts): number | null => macro(tableOf(counts), parts.f1, 0.95).value;

interface Table {
  readonly counts: Counts;
  readonly hits: readonly number[];
  readonly actual: readonly number[];
  readonly said: readonly number[];
  readonly rows: number;
}
/** A ratio of a label's counts, `top` hits over what `below` counts of its rows and of those said to be so. */
interface Part {
  readonly top: number;
  readonly ofActual: number;
  readonly ofSaid: number;
}
const parts = {
  precision: { top: 1, ofActual: 0, ofSaid: 1 },
  recall: { top: 1, ofActual: 1, ofSaid: 0 },
  f1: { top: 2, ofActual: 1, ofSaid: 1 },
} as const satisfies Record<string, Part>;

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

const tableOf = (counts: Counts): Table => {
  const actual = counts.map(sum);
  const said = counts.map((_, j) => sum(counts.map((row) => row[j]!)));
  return { counts, hits: counts.map((row, i) => row[i]!), actual, said, rows: sum(actual) };
};

const macro = (table: Table, part: Part, confidence: number): Estimate => {
  const there = table.hits.map((_, c) => (table.actual[c]! + table.said[c]! > 0 ? 1 : 0));
  const labels = sum(there);
  if (labels === 0) return notEstimable('mean over labels', [0], 'there are no rows');
  const ratios = ratiosOf(table, part);
  return delta(table, {
    method: 'mean over labels, delta method',
    value: sum(ratios.map(({ value }) => value)) / labels,
    slope: (i, j) => (i === j ? ratios[i]!.slope(true, true) : ratios[i]!.slope(true, false) + ratios[j]!.slope(false, true)) / labels,
    confidence,
  });
};

const weighted = (table: Table, part: Part, confidence: number): Estimate => {
  const { actual, rows } = table;
  if (rows === 0) return notEstimable('mean over labels by support', [0], 'there are no rows');
  const ratios = ratiosOf(table, part);
  const value = sum(ratios.map((ratio, c) => actual[c]! * ratio.value)) / rows;
  const weigh = (c: number, isActual: boolean, isSaid: boolean): number => actual[c]! * ratios[c]!.slope(isActual, isSaid);
  return delta(table, {
    method: 'mean over labels by support, delta method',
    value,
    slope: (i, j) => (ratios[i]!.value - value + (i === j ? weigh(i, true, true) : weigh(i, true, false) + weigh(j, false, true))) / rows,
    confidence,
  });
};

/** Each label's ratio, and how it moves with one more row that is of the label, is said to be, or both. */
const ratiosOf = ({ hits, actual, said }: Table, { top, ofActual, ofSaid }: Part) =>
  hits.map((hit, c) => {
    const below = ofActual * actual[c]! + ofSaid * said[c]!;
    const value = below === 0 ? 0 : (top * hit) / below;
    const slope = (isActual: boolean, isSaid: boolean): number => {
      const more = (isActual ? ofActual : 0) + (isSaid ? ofSaid : 0);
      return below === 0 ? 0 : ((isActual && isSaid ? top : 0) - value * more) / below;
    };
    return { value, slope };
  });

const matthews = (table: Table, confidence: number): Estimate => {
  const method = 'Matthews correlation, delta method';
  const { hits, actual, said, rows } = table;
  const right = sum(hits);
  const [saidSpread, actualSpread] = [said, actual].map((totals) => rows * rows - sum(totals.map((n) => n * n)));
  const spread = Math.sqrt(saidSpread!) * Math.sqrt(actualSpread!);
  if (!(spread > 0)) return notEstimable(method, [rows], 'all rows are of one label, or are said to be');
  const value = (right * rows - sum(actual.map((n, c) => n * said[c]!))) / spread;
  const slope = (i: number, j: number): number =>
    ((i === j ? rows : 0) + right - said[i]! - actual[j]!) / spread -
    value * ((rows - said[j]!) / saidSpread! + (rows - actual[i]!) / actualSpread!);
  return delta(table, { method, value, slope, confidence, low: -1 });
};

interface Delta {
  readonly method: string;
  readonly value: number;
  /** How the value moves with one more row of label i that is said to be label j. */
  readonly slope: (i: number, j: number) => number;
  readonly confidence: number;
  readonly low?: number;
}
const delta = ({ counts, rows }: Table, { method, value, slope, confidence, low = 0 }: Delta): Estimate => {
  let variance = 0;
  for (const [i, row] of counts.entries()) for (const [j, n] of row.entries()) if (n > 0) variance += n * slope(i, j) ** 2;
  // Rounding leaves a trace where every row is right.
  const half = variance < 1e-24 ? 0 : normalQuantile((1 + confidence) / 2) * Math.sqrt(variance);
  return withError(value, { half, method, rows, confidence, low });
};
