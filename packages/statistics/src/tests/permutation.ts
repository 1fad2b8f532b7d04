import { createRandom } from '../random.ts';
import { notTestable, type TestResult } from '../result.ts';
import { type Sample, sorted } from './pool.ts';
import { requireDraws, tested } from './tested.ts';

export interface PermutationOptions {
  /** Random exchanges of the samples' values; 999 unless said. */
  readonly draws?: number | undefined;
  /** 0 unless said; the result's method names it. */
  readonly seed?: number | undefined;
}

/**
 * The permutation test of any statistic that grows with the difference: p = (1 + #{T* ≥ T})/(draws + 1), where T* comes from random
 * exchanges of the two samples' values. Valid at every level whatever the statistic (Phipson and Smyth 2010); T* within 10⁻¹² of T counts as equal.
 * Not testable: an empty sample, a statistic that is not finite. RangeError for values that are not finite, draws below 1.
 */
export const permutationTest = (
  samples: readonly [Sample, Sample],
  statistic: (first: Float64Array, second: Float64Array) => number,
  { draws = 999, seed = 0 }: PermutationOptions = {},
): TestResult => {
  requireDraws(draws);
  const [first, second] = samples.map(sorted) as [Float64Array, Float64Array];
  const sizes = [first.length, second.length];
  const method = `permutation, ${draws} draws, seed ${seed}`;
  if (sizes.includes(0)) return notTestable(method, sizes, `the ${first.length === 0 ? 'first' : 'second'} sample is empty`);
  const observed = statistic(first, second);
  if (!Number.isFinite(observed)) return notTestable(method, sizes, 'the statistic has no value for these samples');
  const all = new Float64Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  const random = createRandom(seed);
  const atLeast = observed - 1e-12 * Math.abs(observed);
  let extreme = 0;
  for (let draw = 0; draw < draws; draw++) {
    random.shuffle(all);
    // Copies, so that the statistic may sort them.
    if (statistic(all.slice(0, first.length), all.slice(first.length)) >= atLeast) extreme++;
  }
  return tested({ method, sizes, statistic: observed, pValue: (1 + extreme) / (draws + 1) });
};
