import { notTestable, type NotTestable } from '../result.ts';
import { demandFinite, demandFraction } from './demands.ts';
import type { Bounds } from './evidence.ts';
import { quantileRanks } from './quantile-ranks.ts';

/** Values of 0 or more, such as latencies, counted in buckets whose width grows with the value. JSON and back changes no bit of it. */
export interface Quantiles {
  readonly process: 'quantiles';
  /** Largest relative error of a value, such as .01. */
  readonly accuracy: number;
  readonly n: number;
  /** Values below 1e-9. */
  readonly zeros: number;
  /** [i, count], by i: values from γ^(i−1) to γ^i, with γ = (1 + accuracy)/(1 − accuracy). */
  readonly buckets: readonly (readonly [number, number])[];
}

const smallest = 1e-9;

/**
 * Begins a record of values from which quantiles are read at any time: some 115 buckets for each factor of ten at accuracy .01,
 * however many values come. Source: Masson, Rim, Lee 2019 (DDSketch), section 2. RangeError unless 0 < accuracy < 1.
 */
export const quantiles = ({ accuracy = 0.01 }: { readonly accuracy?: number } = {}): Quantiles => {
  demandFraction('accuracy', accuracy);
  return { process: 'quantiles', accuracy, n: 0, zeros: 0, buckets: [] };
};

/** The record with further values. RangeError for values that are negative or not finite. */
export const observeQuantiles = (state: Quantiles, values: readonly number[]): Quantiles => {
  const logGamma = logBase(state);
  const counts = new Map<number, number>();
  let zeros = 0;
  for (const value of values) {
    demandFinite('A value', value);
    if (value < 0) throw new RangeError(`Quantiles are kept of values from 0 on, not of ${value}; give an array for others`);
    if (value < smallest) zeros++;
    else {
      const i = Math.ceil(Math.log(value) / logGamma) + 0;
      counts.set(i, (counts.get(i) ?? 0) + 1);
    }
  }
  const added = [...counts].toSorted(([a], [b]) => a - b);
  return { ...state, n: state.n + values.length, zeros: state.zeros + zeros, buckets: together(state.buckets, added) };
};

/** The record of the values of both. RangeError unless their accuracy is the same. */
export const mergeQuantiles = (a: Quantiles, b: Quantiles): Quantiles => {
  if (a.accuracy !== b.accuracy) throw new RangeError(`Only records of one accuracy can be merged, not of ${a.accuracy} and ${b.accuracy}`);
  return { ...a, n: a.n + b.n, zeros: a.zeros + b.zeros, buckets: together(a.buckets, b.buckets) };
};

export interface QuantileReading {
  readonly testable: true;
  readonly method: string;
  readonly sizes: readonly number[];
  readonly p: number;
  /** The smallest value with a share of at least p at or below it. */
  readonly estimate: number;
  /** Time-uniform; of a record, rounded outward to its buckets. */
  readonly interval: Bounds;
}

/**
 * The p-quantile with its confidence sequence (see `quantileRanks`), exactly from an array of any finite numbers, or from a record with
 * its relative error. Not testable while the values are too few for a bound. RangeError unless 0 < p, α < 1 and all values are finite.
 */
export const readQuantile = (source: readonly number[] | Quantiles, p: number, alpha = 0.05): QuantileReading | NotTestable => {
  const { n, method, range } = 'process' in source ? bucketed(source) : ordered(source);
  const { low, high } = quantileRanks(n, p, alpha);
  if (n === 0) return notTestable(method, [n], 'there is no value');
  if (low === null && high === null) return notTestable(method, [n], `${n} values are too few to bound the ${p} quantile`);
  const interval = {
    low: low === null ? null : range(low).low,
    high: high === null ? null : range(high).high,
    confidence: 1 - alpha,
  };
  return { testable: true, method, sizes: [n], p, estimate: range(Math.max(1, Math.ceil(n * p))).value, interval };
};

interface OrderStatistics {
  readonly n: number;
  readonly method: string;
  /** Between what the k-th smallest value lies. */
  readonly range: (k: number) => { readonly low: number; readonly value: number; readonly high: number };
}

const ordered = (values: readonly number[]): OrderStatistics => {
  for (const value of values) demandFinite('A value', value);
  const sorted = Float64Array.from(values).sort();
  const range = (k: number) => ({ low: sorted[k - 1]!, value: sorted[k - 1]!, high: sorted[k - 1]! });
  return { n: values.length, method: 'quantile sequence, exact', range };
};

const bucketed = (state: Quantiles): OrderStatistics => {
  const logGamma = logBase(state);
  const range = (k: number) => {
    let seen = state.zeros;
    if (k <= seen) return { low: 0, value: 0, high: smallest };
    const [i] = state.buckets.find(([, count]) => (seen += count) >= k)!;
    const high = Math.exp(i * logGamma);
    return { low: Math.exp((i - 1) * logGamma), value: high * (1 - state.accuracy), high };
  };
  return { n: state.n, method: `quantile sequence, buckets of relative error ${state.accuracy}`, range };
};

const logBase = ({ accuracy }: Quantiles): number => Math.log1p(accuracy) - Math.log1p(-accuracy);

/** Two lists of buckets, each by index, as one. */
const together = (a: Quantiles['buckets'], b: Quantiles['buckets']): [number, number][] => {
  const merged: [number, number][] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const index = Math.min(a[i]?.[0] ?? Infinity, b[j]?.[0] ?? Infinity);
    let count = 0;
    if (a[i]?.[0] === index) count += a[i++]![1];
    if (b[j]?.[0] === index) count += b[j++]![1];
    merged.push([index, count]);
  }
  return merged;
};
