import { createByteReader, createByteWriter } from './bytes.ts';

export interface FrequentForm {
  readonly kind: 'frequent';
  readonly version: 1;
  readonly size: number;
  readonly total: number;
  /** What has been taken off every count that was kept, in all. */
  readonly taken: number;
  /** By falling count, then by value. */
  readonly counts: readonly (readonly [value: string, count: number])[];
}

/** The true count lies from `low` to `high`; both are the count while the sketch is exact. */
export interface FrequentItem {
  readonly value: string;
  readonly low: number;
  readonly high: number;
}

export interface FrequentSketch {
  /** RangeError unless `count` is a positive whole number. */
  readonly add: (value: string, count?: number) => void;
  readonly addAll: (values: Iterable<string>) => void;
  readonly total: () => number;
  /** The most that a count may be too low by, also for values that are not kept: 0 while exact, never above total/(size + 1). */
  readonly error: () => number;
  /** The most frequent values that are kept, by falling count, then by value. */
  readonly items: (most?: number) => FrequentItem[];
  /** A new one over both lots of values; neither changes. RangeError for another size. */
  readonly mergedWith: (other: FrequentSketch) => FrequentSketch;
  readonly toJSON: () => FrequentForm;
  readonly toBytes: () => Uint8Array;
}

/**
 * The most frequent values of a stream with at most 2·size counters: whatever occurs more often than total/(size + 1) is among them.
 * Exact while there are no more than 2·size different values; beyond that, the (size + 1)-th largest count is taken off all, and what falls
 * to 0 is forgotten. Each taking costs size + 1 counters as much, hence the bound.
 * Source: Misra and Gries 1982; in this form, and its merging, Agarwal, Cormode, Huang, Phillips, Wei, Yi 2012, section 3.
 * RangeError unless 1 ≤ size ≤ 2²⁰ is whole.
 */
export const createFrequentSketch = ({ size = 64 }: { size?: number } = {}): FrequentSketch =>
  over(check({ kind: 'frequent', version: 1, size, total: 0, taken: 0, counts: [] }));

/** RangeError for a form that is no frequent sketch. */
export const frequentSketchFrom = (form: FrequentForm | Uint8Array): FrequentSketch =>
  over(check(form instanceof Uint8Array ? read(form) : form));

const over = ({ size, ...form }: FrequentForm): FrequentSketch => {
  let { total, taken } = form;
  const counts = new Map(form.counts);
  const add = (value: string, count = 1): void => {
    if (!(Number.isSafeInteger(count) && count > 0))
      throw new RangeError(`A value is added a positive whole number of times, not ${count}`);
    total += count;
    // Half a surrogate pair has no UTF-8.
    const key = value.toWellFormed();
    counts.set(key, (counts.get(key) ?? 0) + count);
    if (counts.size > 2 * size) taken += takeOff(counts, size);
  };
  const sorted = (): [string, number][] => [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const toJSON = (): FrequentForm => ({ kind: 'frequent', version: 1, size, total, taken, counts: sorted() });
  return {
    add,
    addAll: (values) => {
      for (const value of values) add(value);
    },
    total: () => total,
    error: () => taken,
    items: (most = Infinity) =>
      sorted()
        .slice(0, most)
        .map(([value, count]) => ({ value, low: count, high: count + taken })),
    mergedWith: (other) => over(merge(toJSON(), other.toJSON())),
    toJSON,
    toBytes: () => write(toJSON()),
  };
};

const takeOff = (counts: Map<string, number>, size: number): number => {
  const least = Float64Array.from(counts.values())
    .sort()
    .at(-size - 1)!;
  for (const [value, count] of counts) {
    if (count > least) counts.set(value, count - least);
    else counts.delete(value);
  }
  return least;
};

const merge = (a: FrequentForm, b: FrequentForm): FrequentForm => {
  if (a.size !== b.size) throw new RangeError(`Sketches of size ${a.size} and ${b.size} have different errors; merge equal sizes`);
  const counts = new Map(a.counts);
  for (const [value, count] of b.counts) counts.set(value, (counts.get(value) ?? 0) + count);
  const taken = a.taken + b.taken + (counts.size > 2 * a.size ? takeOff(counts, a.size) : 0);
  return { ...a, total: a.total + b.total, taken, counts: [...counts] };
};

const check = (form: FrequentForm): FrequentForm => {
  const { size, total, taken, counts } = form;
  if (form.kind !== 'frequent' || form.version !== 1) throw new RangeError('This is no form of a frequent sketch');
  if (!(Number.isInteger(size) && size >= 1 && size <= 2 ** 20)) throw new RangeError(`The size of a sketch is 1 to 2^20, not ${size}`);
  const kept = counts.reduce((sum, [, count]) => sum + count, 0);
  const isWhole =
    [total, taken, ...counts.map(([, count]) => count - 1)].every((n) => Number.isSafeInteger(n) && n >= 0) &&
    counts.length <= 2 * size &&
    taken * (size + 1) + kept <= total &&
    (taken > 0 || kept === total);
  if (!isWhole) throw new RangeError('This form of a frequent sketch was changed; keep what toJSON() gave');
  return form;
};

const write = ({ size, total, taken, counts }: FrequentForm): Uint8Array => {
  const to = createByteWriter('frequent');
  for (const value of [size, total, taken, counts.length]) to.whole(value);
  for (const [value, count] of counts) {
    to.text(value);
    to.whole(count);
  }
  return to.done();
};

const read = (bytes: Uint8Array): FrequentForm => {
  const from = createByteReader('frequent', bytes);
  const [size, total, taken, length] = [from.whole(), from.whole(), from.whole(), from.whole()] as const;
  const counts = Array.from({ length }, () => [from.text(), from.whole()] as const);
  from.done();
  return { kind: 'frequent', version: 1, size, total, taken, counts };
};
