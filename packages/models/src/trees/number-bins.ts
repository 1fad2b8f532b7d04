import { createRandom } from '../linear/random.ts';

const sampleSize = 200_000;

/**
 * Limits between bins of numbers: bin b holds what is above limit b - 1 and at most limit b. Every distinct value has a bin of its own where
 * there are few; otherwise bins hold about equally many rows, and a value that would fill one alone gets it (as LightGBM's).
 * From many rows a seeded sample is looked at.
 */
export const numberLimits = (values: Float32Array, maxBins: number, seed: number): Float32Array => {
  const { distinct, counts } = tally(sorted(values, seed));
  if (distinct.length <= maxBins) return Float32Array.from(distinct.slice(1), (above, i) => between(distinct[i]!, above));

  let rest = counts.reduce((a, b) => a + b, 0);
  let bins = maxBins;
  // A value that fills a bin alone does not count towards the mean of the others.
  const alone = counts.map((count) => count >= rest / maxBins);
  for (const [i, count] of counts.entries()) {
    if (!alone[i]) continue;
    rest -= count;
    bins--;
  }
  const limits: number[] = [];
  let filled = 0;
  for (let i = 0; i < distinct.length - 1 && limits.length < maxBins - 1; i++) {
    filled += counts[i]!;
    if (!alone[i]) rest -= counts[i]!;
    const mean = bins > 0 ? (rest + (alone[i] ? 0 : filled)) / bins : Infinity;
    if (!alone[i] && filled < mean && !(alone[i + 1] && filled >= mean / 2)) continue;
    limits.push(between(distinct[i]!, distinct[i + 1]!));
    if (!alone[i]) bins--;
    filled = 0;
  }
  return Float32Array.from(limits);
};

/** The values that are there, or a sample of them, in ascending order. */
const sorted = (values: Float32Array, seed: number): Float32Array => {
  const random = createRandom(seed);
  const isSample = values.length > sampleSize;
  const present = new Float32Array(Math.min(values.length, sampleSize));
  let count = 0;
  for (let i = 0; i < present.length; i++) {
    const value = values[isSample ? Math.floor((random() / 2 ** 32) * values.length) : i]!;
    if (value === value) present[count++] = value;
  }
  return present.subarray(0, count).sort();
};

const tally = (values: Float32Array): { distinct: number[]; counts: number[] } => {
  const distinct: number[] = [];
  const counts: number[] = [];
  for (const value of values) {
    if (distinct.length > 0 && value === distinct.at(-1)) counts[counts.length - 1]!++;
    else {
      distinct.push(value);
      counts.push(1);
    }
  }
  return { distinct, counts };
};

/** Halfway, as a float32 that still lies at or above the lower value and below the upper. */
const between = (lower: number, upper: number): number => {
  const middle = Math.fround(lower + (upper - lower) / 2);
  return middle >= lower && middle < upper ? middle : lower;
};

/** The limits as the kernel wants them: a power of two of places, more than there are limits, the last ones infinite. */
export const paddedLimits = (limits: Float32Array): Float32Array => {
  const padded = new Float32Array(2 ** (32 - Math.clz32(limits.length))).fill(Infinity);
  padded.set(limits);
  return padded;
};
