/** Numbers of one sample, in any order. */
export type Sample = ArrayLike<number>;

/** Several samples as one: the distinct values from the smallest on, with how often each sample holds each of them. */
export interface Pool {
  readonly sizes: readonly number[];
  readonly values: Float64Array;
  /** One list for each sample, as long as `values`. */
  readonly counts: readonly Int32Array[];
}

/** The sample from the smallest value on. RangeError where a value is not a finite number. */
export const sorted = (sample: Sample): Float64Array => {
  const values = Float64Array.from(sample);
  for (const value of values) {
    if (!Number.isFinite(value)) {
      throw new RangeError(`A sample holds ${value}; leave out what is not a finite number, and watch its share by itself`);
    }
  }
  return values.sort();
};

/** Errors as `sorted`. O(N log N). */
export const pool = (samples: readonly Sample[]): Pool => {
  const lists = samples.map(sorted);
  const total = lists.reduce((sum, list) => sum + list.length, 0);
  const values = new Float64Array(total);
  const counts = lists.map(() => new Int32Array(total));
  const heads = lists.map(() => 0);
  let distinct = 0;
  for (let taken = 0; taken < total; distinct++) {
    let least = Infinity;
    for (let s = 0; s < lists.length; s++) least = Math.min(least, lists[s]![heads[s]!] ?? Infinity);
    values[distinct] = least;
    for (let s = 0; s < lists.length; s++) {
      const from = heads[s]!;
      while (lists[s]![heads[s]!] === least) heads[s]!++;
      counts[s]![distinct] = heads[s]! - from;
      taken += heads[s]! - from;
    }
  }
  return {
    sizes: lists.map((list) => list.length),
    values: values.subarray(0, distinct),
    counts: counts.map((list) => list.subarray(0, distinct)),
  };
};

/** Why no test of these samples has a meaning, or undefined. */
export const withoutMeaning = ({ sizes, values }: Pool): string | undefined => {
  const empty = sizes.indexOf(0);
  if (empty >= 0) return `${sizes.length > 2 ? `sample ${empty + 1}` : `the ${empty === 0 ? 'first' : 'second'} sample`} is empty`;
  return values.length < 2 ? 'all values are the same' : undefined;
};
