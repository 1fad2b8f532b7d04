import { type Estimate, notEstimable } from '../estimate.ts';
import { compress, type Ladder, promote } from './ladder.ts';
import { readQuantiles, writeQuantiles } from './quantile-bytes.ts';
import type { QuantileForm } from './quantile-form.ts';

export interface QuantileSketch {
  /** RangeError for NaN and infinities: count those apart. */
  readonly add: (value: number) => void;
  readonly addAll: (values: Iterable<number>) => void;
  readonly count: () => number;
  /** See `rankErrorOf`; 0 while every value is still kept. */
  readonly rankError: () => number;
  /**
   * The smallest value that at least `share` of the values do not exceed; 0 gives the minimum, 1 the maximum, both exact.
   * Its interval spans the ranks within the sketch's error: what sampling adds is not in it. RangeError unless 0 ≤ share ≤ 1.
   */
  readonly quantile: (share: number) => Estimate;
  /** The share of values that are at most `value`, with the sketch's error as its interval. RangeError for NaN. */
  readonly rank: (value: number) => Estimate;
  /** A new one over both lots of values; neither changes. RangeError for another size. */
  readonly mergedWith: (other: QuantileSketch) => QuantileSketch;
  readonly toJSON: () => QuantileForm;
  readonly toBytes: () => Uint8Array;
}

const method = 'KLL sketch';
const confidence = 0.99;

/**
 * How far a rank may be off, as a share of all values: 3.5/size, so 0.0068 for the default 512.
 * In at least 99 of 100 sketches all ranks at once stay within it, whatever the order of the values and however they were merged.
 */
export const rankErrorOf = (size: number): number => 3.5 / size;

/**
 * Quantiles of a stream in small space: at most about 4·size numbers, whatever the count.
 * Values come into a buffer; a full level is sorted and every second of its values goes up a level, where it counts double.
 * Whether the even or the odd ones go is a coin that `seed` fixes, and that falls the other way the next time.
 * Source: Karnin, Lang, Liberty 2016, section 4 (levels shrink by 2/3 downwards); Ivkin, Liberty, Lang, Karnin, Braverman 2019, section 3
 * (opposite coins). The constant 3.5 is ours, measured. RangeError unless 16 ≤ size ≤ 65536 and seed is a 32-bit whole number.
 */
export const createQuantileSketch = ({ size = 512, seed = 0 }: { size?: number; seed?: number } = {}): QuantileSketch =>
  over(check({ kind: 'quantiles', version: 1, size, seed, count: 0, min: null, max: null, levels: [[]], compactions: [0] }));

/** RangeError for a form that is no quantile sketch. */
export const quantileSketchFrom = (form: QuantileForm | Uint8Array): QuantileSketch =>
  over(check(form instanceof Uint8Array ? readQuantiles(form) : form));

const over = (form: QuantileForm): QuantileSketch => {
  const { size, seed } = form;
  let { count } = form;
  let min = form.min ?? Infinity;
  let max = form.max ?? -Infinity;
  const incoming = new Float64Array(size);
  incoming.set(form.levels[0]!);
  let pending = form.levels[0]!.length;
  const ladder: Ladder = {
    size,
    seed,
    levels: form.levels.map((level, h) => (h === 0 ? [] : [...level])),
    compactions: [...form.compactions],
  };
  let sorted: Weighted | undefined;

  const add = (value: number): void => {
    if (!Number.isFinite(value)) throw new RangeError(`Quantiles are of finite numbers, not of ${value}; count it apart`);
    count++;
    if (value < min) min = value + 0;
    if (value > max) max = value + 0;
    incoming[pending++] = value + 0;
    sorted = undefined;
    if (pending < size) return;
    promote(ladder, incoming.sort(), 0);
    pending = 0;
    compress(ladder, 1);
  };
  const toJSON = (): QuantileForm => ({
    kind: 'quantiles',
    version: 1,
    size,
    seed,
    count,
    min: count === 0 ? null : min,
    max: count === 0 ? null : max,
    levels: ladder.levels.map((level, h) => (h === 0 ? [...incoming.slice(0, pending).sort()] : [...level])),
    compactions: [...ladder.compactions],
  });
  const rankError = (): number => (ladder.compactions.some((n) => n > 0) ? rankErrorOf(size) : 0);
  const weighted = (): Weighted => (sorted ??= weigh(toJSON().levels));
  const valueAt = (share: number): number => {
    if (share <= 0) return min;
    if (share >= 1) return max;
    const { values, upTo } = weighted();
    return values[firstFrom(upTo, Math.ceil(share * count - 1e-9))]!;
  };

  return {
    add,
    addAll: (values) => {
      for (const value of values) add(value);
    },
    count: () => count,
    rankError,
    quantile: (share) => {
      if (!(share >= 0 && share <= 1)) throw new RangeError(`The share of a quantile lies from 0 to 1, not at ${share}`);
      if (count === 0) return notEstimable(method, [0], 'there are no values');
      const error = share === 0 || share === 1 ? 0 : rankError();
      const interval = { low: valueAt(share - error), high: valueAt(share + error), confidence };
      return { value: valueAt(share), interval, method, sizes: [count] };
    },
    rank: (value) => {
      if (Number.isNaN(value)) throw new RangeError('NaN has no rank; give a number');
      if (count === 0) return notEstimable(method, [0], 'there are no values');
      const { values, upTo } = weighted();
      const below = firstAbove(values, value);
      const share = value >= max ? 1 : below === 0 ? 0 : upTo[below - 1]! / count;
      const error = value < min || value >= max ? 0 : rankError();
      const interval = { low: Math.max(0, share - error), high: Math.min(1, share + error), confidence };
      return { value: share, interval, method, sizes: [count] };
    },
    mergedWith: (other) => over(merge(toJSON(), other.toJSON())),
    toJSON,
    toBytes: () => writeQuantiles(toJSON()),
  };
};

const merge = (a: QuantileForm, b: QuantileForm): QuantileForm => {
  if (a.size !== b.size) throw new RangeError(`Sketches of size ${a.size} and ${b.size} have different errors; merge equal sizes`);
  const heights = Array.from({ length: Math.max(a.levels.length, b.levels.length) }, (_, h) => h);
  const levels = heights.map((h) => [...Float64Array.from([...(a.levels[h] ?? []), ...(b.levels[h] ?? [])]).sort()]);
  const compactions = heights.map((h) => (a.compactions[h] ?? 0) + (b.compactions[h] ?? 0));
  // The smaller seed, so that it does not matter which sketch came first.
  const ladder = { size: a.size, seed: Math.min(a.seed, b.seed), levels, compactions };
  compress(ladder, 0);
  const ends = [a, b].filter((form) => form.count > 0);
  return {
    ...a,
    ...ladder,
    count: a.count + b.count,
    min: ends.length === 0 ? null : Math.min(...ends.map((form) => form.min!)),
    max: ends.length === 0 ? null : Math.max(...ends.map((form) => form.max!)),
  };
};

/** Values in ascending order, and how many values each one and those before it stand for. */
interface Weighted {
  readonly values: Float64Array;
  readonly upTo: Float64Array;
}

const weigh = (levels: readonly (readonly number[])[]): Weighted => {
  const pairs = levels.flatMap((level, h) => level.map((value) => [value, 2 ** h] as const)).sort((a, b) => a[0] - b[0]);
  let total = 0;
  return { values: Float64Array.from(pairs, ([value]) => value), upTo: Float64Array.from(pairs, ([, weight]) => (total += weight)) };
};

/** Where the first number stands that `isHit` holds for, it holding for all after; the length where there is none. */
const first = (numbers: Float64Array, isHit: (x: number) => boolean): number => {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isHit(numbers[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
};
const firstFrom = (numbers: Float64Array, bound: number): number => first(numbers, (x) => x >= bound);
const firstAbove = (numbers: Float64Array, bound: number): number => first(numbers, (x) => x > bound);

const check = (form: QuantileForm): QuantileForm => {
  const { size, seed, count, min, max, levels, compactions } = form;
  if (form.kind !== 'quantiles' || form.version !== 1) throw new RangeError('This is no form of a quantile sketch');
  if (!(Number.isInteger(size) && size >= 16 && size <= 65536)) throw new RangeError(`The size of a sketch is 16 to 65536, not ${size}`);
  if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)) throw new RangeError(`A seed is a whole number below 2^32, not ${seed}`);
  const ends = count === 0 ? [] : [min, max];
  const isWhole =
    levels.length === compactions.length &&
    levels.reduce((sum, level, h) => sum + level.length * 2 ** h, 0) === count &&
    levels[0]!.length < size &&
    [...ends, ...levels.flat()].every(Number.isFinite);
  if (!isWhole) throw new RangeError('This form of a quantile sketch was changed; keep what toJSON() gave');
  return form;
};
