import { createRandom } from '../random.ts';
import { notTestable, type TestResult } from '../result.ts';
import { chiSquareSurvival } from '../special/chi-square.ts';
import { permutationP } from './count-permutations.ts';
import { requireDraws, tested } from './tested.ts';
import { type Counts, requireCounts } from './two-counts.ts';

export interface GoodnessOfFitOptions {
  /** Pearson's Σ (O - E)²/E, the default, or G = 2 Σ O ln(O/E). */
  readonly statistic?: 'chi-square' | 'g' | undefined;
  /** By default the limit, chi-square with k - 1 degrees of freedom, or simulation where a count below 5 is expected. */
  readonly law?: 'limit' | 'simulation' | undefined;
  /** Simulated samples; 1999 unless said. */
  readonly draws?: number | undefined;
  /** Of the simulation; 0 unless said. */
  readonly seed?: number | undefined;
}

/**
 * The test that counts follow a law known beforehand, given by weights of any sum (Pearson 1900).
 * For weights estimated from another sample use `chiSquareTest`: this test would reject far too often.
 * Not testable: no observation, fewer than two categories with a weight, a count where the law says never.
 * RangeError for counts that are not whole numbers from 0 on, weights below 0 or not finite, lists of different length.
 */
export const goodnessOfFit = (counts: Counts, weights: readonly number[], options: GoodnessOfFitOptions = {}): TestResult => {
  const { statistic: kind = 'chi-square', draws = 1999, seed = 0 } = options;
  requireCounts(counts);
  requireDraws(draws);
  if (counts.length !== weights.length)
    throw new RangeError(`Each of the ${counts.length} counts needs its weight, not ${weights.length} weights`);
  for (const weight of weights) {
    if (!(weight >= 0 && weight < Infinity)) throw new RangeError(`A weight is a finite number from 0 on, not ${weight}`);
  }
  const n = counts.reduce((sum, count) => sum + count, 0);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const possible = weights.flatMap((weight, c) => (weight > 0 ? [c] : []));
  const expected = possible.map((c) => (n * weights[c]!) / whole);
  const simulated = (options.law ?? (Math.min(...expected) < 5 ? 'simulation' : 'limit')) === 'simulation';
  const method = `goodness of fit, ${kind}, ${simulated ? `${draws} simulations, seed ${seed}` : 'limit law'}`;
  if (n === 0) return notTestable(method, [n], 'there is no observation');
  if (possible.length < 2) return notTestable(method, [n], 'the law has fewer than two categories');
  if (counts.some((count, c) => count > 0 && weights[c] === 0)) return notTestable(method, [n], 'a category occurs that the law rules out');
  const statisticOf = kind === 'g' ? likelihoodRatio : pearson;
  const statistic = statisticOf(
    possible.map((c) => counts[c]!),
    expected,
  );
  const degreesOfFreedom = possible.length - 1;
  const pValue = simulated
    ? permutationP(simulate({ n, expected, statisticOf }, { draws, seed }), statistic)
    : chiSquareSurvival(statistic, degreesOfFreedom);
  return tested({ method, sizes: [n], statistic, pValue, degreesOfFreedom });
};

const pearson = (counts: Counts, expected: readonly number[]): number =>
  counts.reduce((sum, count, c) => sum + (count - expected[c]!) ** 2 / expected[c]!, 0);

const likelihoodRatio = (counts: Counts, expected: readonly number[]): number =>
  Math.max(0, 2 * counts.reduce((sum, count, c) => (count === 0 ? sum : sum + count * Math.log(count / expected[c]!)), 0));

interface Law {
  readonly n: number;
  readonly expected: readonly number[];
  readonly statisticOf: (counts: Counts, expected: readonly number[]) => number;
}

const simulate = ({ n, expected, statisticOf }: Law, { draws, seed }: { draws: number; seed: number }): Float64Array => {
  const random = createRandom(seed);
  const counts = expected.map(() => 0);
  return Float64Array.from({ length: draws }, () => {
    counts.fill(0);
    for (let i = 0; i < n; i++) {
      let left = random.uniform() * n;
      let c = 0;
      while (c < expected.length - 1 && left >= expected[c]!) left -= expected[c++]!;
      counts[c]!++;
    }
    return statisticOf(counts, expected);
  });
};
