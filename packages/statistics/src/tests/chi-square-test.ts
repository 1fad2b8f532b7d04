import { notTestable, type TestResult } from '../result.ts';
import { chiSquareSurvival } from '../special/chi-square.ts';
import { cohenW } from './cohen-w.ts';
import { countPermutationP, type CountStatistic } from './count-permutations.ts';
import { pearson, sumOf } from './pearson.ts';
import { requireLevel, tested } from './tested.ts';
import { type Counts, countsWithoutMeaning, smallestExpected, twoCounts } from './two-counts.ts';

export interface CountTestOptions {
  /** The law of the statistic: by default its limit, chi-square, or permutation where a count below 5 is expected. */
  readonly law?: 'limit' | 'permutation' | undefined;
  /** Random exchanges under permutation; 1999 unless said. */
  readonly draws?: number | undefined;
  /** Exchanges end once so many were at least as far apart: then p is their share of those made. Never, unless said. */
  readonly enough?: number | undefined;
  /** Of these exchanges; 0 unless said. */
  readonly seed?: number | undefined;
  /** Of the effect's interval; 0.95 unless said. */
  readonly confidence?: number | undefined;
}

export interface ChiSquareOptions extends CountTestOptions {
  /** Yates' correction: each |O - E| is made smaller by ½. For two categories only. */
  readonly yates?: boolean | undefined;
}

/**
 * Pearson's chi-square test that two samples have the same shares: Σ (O - E)²/E over both samples, E by the pooled shares,
 * k - 1 degrees of freedom over the k categories that occur. Sources: Pearson 1911, Biometrika 8; Yates 1934.
 * The effect is Cohen's w. Not testable: an empty sample, one single category.
 * RangeError for counts that are not whole numbers from 0 on, lists of different length, Yates with more than two categories.
 */
export const chiSquareTest = (first: Counts, second: Counts, options: ChiSquareOptions = {}): TestResult => {
  const correction = options.yates ? 0.5 : 0;
  if (options.yates && first.length > 2) throw new RangeError(`Yates' correction is for two categories, not ${first.length}`);
  const name = `chi-square${options.yates ? ', yates' : ''}`;
  return homogeneity({ name, statistic: (a, b) => pearson(a, b, correction) }, [first, second], options);
};

/**
 * The likelihood-ratio test that two samples have the same shares: G = 2 Σ O ln(O/E) over both samples; otherwise as `chiSquareTest`.
 * Source: Wilks 1935; Sokal and Rohlf 1995, section 17.
 */
export const gTest = (first: Counts, second: Counts, options: CountTestOptions = {}): TestResult =>
  homogeneity({ name: 'g', statistic: likelihoodRatio }, [first, second], options);

const homogeneity = (
  { name, statistic }: { name: string; statistic: CountStatistic },
  samples: readonly [Counts, Counts],
  { law, draws = 1999, enough, seed = 0, confidence = 0.95 }: CountTestOptions,
): TestResult => {
  requireLevel('A confidence', confidence);
  const counts = twoCounts(...samples);
  const permuted = (law ?? (smallestExpected(counts) < 5 ? 'permutation' : 'limit')) === 'permutation';
  const method = permuted ? `${name}, ${draws} permutations, seed ${seed}` : `${name}, limit law`;
  const why = countsWithoutMeaning(counts);
  if (why !== undefined) return notTestable(method, counts.sizes, why);
  const observed = statistic(counts.first, counts.second);
  const degreesOfFreedom = counts.first.length - 1;
  const about = { statistic: observed, degreesOfFreedom, sizes: counts.sizes, effect: cohenW(counts.first, counts.second, confidence)! };
  if (!permuted) return tested({ method, pValue: chiSquareSurvival(observed, degreesOfFreedom), ...about });
  const { pValue, made } = countPermutationP(counts, statistic, { draws, seed, enough });
  return tested({ method: made === draws ? method : `${name}, ${made} of ${draws} permutations, seed ${seed}`, pValue, ...about });
};

const likelihoodRatio: CountStatistic = (first, second) => {
  const [n, m] = [sumOf(first), sumOf(second)];
  const term = (count: number, share: number): number => (count === 0 ? 0 : 2 * count * Math.log(count / share));
  const value = first.reduce((total, count, c) => {
    const pooled = (count + second[c]!) / (n + m);
    return total + term(count, n * pooled) + term(second[c]!, m * pooled);
  }, 0);
  return Math.max(0, value);
};
