import { quantileOfSorted } from '../tests/quantile.ts';

/** A value as it comes from a table: null, undefined and NaN are missing. */
export type Cell = number | null | undefined;

/** A division of all values into cells: below, between two edges, above, -∞, +∞, missing. */
export interface Bins {
  /** Increasing. A bin holds its lower edge, the last one both; a single edge makes a bin of one value. */
  readonly edges: readonly number[];
  /** One for each cell, such as `[0, 1.5)`. */
  readonly labels: readonly string[];
}

export interface BinOptions {
  /** How many, at most: equal edges become one. 10 unless said. */
  readonly bins?: number | undefined;
}

/**
 * Bins with their edges at the quantiles of a sample (definition 7 of Hyndman and Fan 1996), so that each holds about as much of it;
 * constant and heavily tied samples get fewer. RangeError unless `bins` is a whole number from 1 on.
 */
export const referenceBins = (sample: ArrayLike<Cell>, { bins = 10 }: BinOptions = {}): Bins => {
  requireBins(bins);
  const values = finite(sample).sort();
  return binsAt(values.length === 0 ? [] : Array.from({ length: bins + 1 }, (_, i) => quantileOfSorted(values, i / bins)));
};

/** Bins of equal width from the smallest to the largest finite value. RangeError unless `bins` is a whole number from 1 on. */
export const equalWidthBins = (sample: ArrayLike<Cell>, { bins = 10 }: BinOptions = {}): Bins => {
  requireBins(bins);
  const values = finite(sample).sort();
  if (values.length === 0) return binsAt([]);
  const [low, high] = [values[0]!, values[values.length - 1]!];
  return binsAt([...Array.from({ length: bins }, (_, i) => low + i * ((high - low) / bins)), high]);
};

/** Bins at edges known beforehand, in any order. RangeError for an edge that is not finite. */
export const binsAt = (edges: readonly number[]): Bins => {
  for (const edge of edges) if (!Number.isFinite(edge)) throw new RangeError(`An edge is a finite number, not ${edge}`);
  const distinct = [...new Set(edges)].sort((a, b) => a - b);
  const last = distinct.length - 1;
  const between = distinct.slice(0, last).map((edge, i) => `[${edge}, ${distinct[i + 1]}${i === last - 1 ? ']' : ')'}`);
  const inner = last === 0 ? [`${distinct[0]}`] : between;
  const outer = last < 0 ? ['any number', 'no number'] : [`below ${distinct[0]}`, `above ${distinct[last]}`];
  return { edges: distinct, labels: [outer[0]!, ...inner, outer[1]!, '-∞', '+∞', 'missing'] };
};

/** How many values fall into each cell; the counts are in the order of `bins.labels`. */
export const countInBins = ({ edges, labels }: Bins, sample: ArrayLike<Cell>): number[] => {
  const counts = labels.map(() => 0);
  const last = labels.length - 1;
  for (let i = 0; i < sample.length; i++) {
    const value = sample[i];
    if (value === null || value === undefined || Number.isNaN(value)) counts[last]!++;
    else if (value === Infinity) counts[last - 1]!++;
    else if (value === -Infinity) counts[last - 2]!++;
    else counts[cellOf(edges, value)]!++;
  }
  return counts;
};

/** The finite values of a sample, in its order. */
export const finite = (sample: ArrayLike<Cell>): Float64Array =>
  Float64Array.from(Array.from(sample).filter((value) => Number.isFinite(value)) as number[]);

/** Cell 0 lies below all edges, cell i from edge i on; a single edge is a bin by itself, so what lies above it comes one later. */
const cellOf = (edges: readonly number[], value: number): number => {
  const last = edges.length - 1;
  if (last <= 0) return last < 0 || value < edges[0]! ? 0 : value === edges[0] ? 1 : 2;
  if (value === edges[last]) return last;
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
};

const requireBins = (bins: number): void => {
  if (!Number.isSafeInteger(bins) || bins < 1) throw new RangeError(`The number of bins is a whole number from 1 on, not ${bins}`);
};
