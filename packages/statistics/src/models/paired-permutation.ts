import { createRandom } from '../random.ts';
import { notTestable, type TestResult } from '../result.ts';

/**
 * Whether the mean of paired differences, such as of two models' losses on the same rows, is 0: under the null hypothesis each difference is
 * as likely to have the other sign. Statistic and effect are the mean difference, in the unit of the differences; two-sided.
 * All 2ⁿ signs are tried for at most 16 differences that are not 0; else `draws` random ones, p = (1 + those as extreme)/(1 + draws).
 * Source: Fisher 1935, section 21; Phipson and Smyth 2010 for the 1 in p. Not testable without rows.
 * RangeError for a difference beyond ±1e150 or a number of draws that is not whole and positive.
 */
export const pairedPermutation = (
  differences: ArrayLike<number>,
  { draws = 9999, seed = 0 }: { draws?: number; seed?: number } = {},
): TestResult => {
  const n = differences.length;
  if (!Number.isSafeInteger(draws) || draws < 1) throw new RangeError(`The number of draws is whole and positive, not ${draws}`);
  const values = Float64Array.from(differences);
  if (!values.every((d) => Math.abs(d) <= 1e150)) throw new RangeError('Differences are numbers within ±1e150; leave out rows without one');
  const changing = values.filter((d) => d !== 0);
  const isExact = changing.length <= 16;
  const method = isExact ? 'paired permutation, exact' : `paired permutation, ${draws} draws`;
  if (n === 0) return notTestable(method, [0], 'there are no rows');
  const sum = changing.reduce((a, b) => a + b, 0);
  // Sums in another order differ by rounding: those are equal.
  const bound = Math.abs(sum) - 1e-12 * changing.reduce((a, b) => a + Math.abs(b), 0);
  const pValue = isExact ? shareOfAll(changing, bound) : shareOfDrawn(changing, bound, { draws, seed });
  return { testable: true, method, sizes: [n], statistic: sum / n, pValue, effect: { name: 'mean difference', value: sum / n } };
};

const shareOfAll = (values: Float64Array, bound: number): number => {
  const patterns = 2 ** values.length;
  let extreme = 0;
  for (let pattern = 0; pattern < patterns; pattern++) {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += pattern & (1 << i) ? -values[i]! : values[i]!;
    if (Math.abs(sum) >= bound) extreme++;
  }
  return extreme / patterns;
};

const shareOfDrawn = (values: Float64Array, bound: number, { draws, seed }: { draws: number; seed: number }): number => {
  const random = createRandom(seed);
  let extreme = 0;
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0;
    let bits = 0;
    for (let i = 0; i < values.length; i++) {
      if (i % 32 === 0) bits = random.integer(2 ** 32);
      sum += bits & 1 ? values[i]! : -values[i]!;
      bits >>>= 1;
    }
    if (Math.abs(sum) >= bound) extreme++;
  }
  return (1 + extreme) / (1 + draws);
};
