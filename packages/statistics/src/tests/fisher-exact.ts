import { notTestable, type TestResult } from '../result.ts';
import { tested } from './tested.ts';
import { differenceOfShares } from './two-proportions.ts';
import { type Counts, twoCounts } from './two-counts.ts';

/**
 * Fisher's exact test that two samples have the same shares of two categories, two-sided: the sum of the probabilities of all
 * tables with these margins that are no more probable than the observed one (Fisher 1935; Agresti 2013, section 3.5.3),
 * relative to each other by recurrence from the most probable one. The statistic is the first sample's first count;
 * the effect is the difference of the first category's shares with Newcombe's interval.
 * Not testable: an empty sample, one single category. RangeError unless there are two categories and counts are whole numbers from 0 on.
 */
export const fisherExact = (first: Counts, second: Counts, confidence = 0.95): TestResult => {
  if (first.length !== 2 || second.length !== 2)
    throw new RangeError(`Fisher's exact test compares two categories, not ${first.length} and ${second.length}`);
  const method = 'fisher exact, two-sided';
  const counts = twoCounts(first, second);
  const [n, m] = counts.sizes;
  if (n === 0 || m === 0) return notTestable(method, counts.sizes, `the ${n === 0 ? 'first' : 'second'} sample is empty`);
  if (counts.first.length < 2) return notTestable(method, counts.sizes, 'only one category occurs');
  const [a, b] = [first[0]!, second[0]!];
  const effect = differenceOfShares({ successes: a, trials: n }, { successes: b, trials: m }, confidence)!;
  return tested({ method, sizes: counts.sizes, statistic: a, pValue: hypergeometricP(a, { n, m, t: a + b }), effect });
};

interface Margins {
  /** The sizes of the samples. */
  readonly n: number;
  readonly m: number;
  /** How often the first category occurs in both. */
  readonly t: number;
}

const hypergeometricP = (observed: number, { n, m, t }: Margins): number => {
  const least = Math.max(0, t - m);
  const most = Math.min(n, t);
  const up = (k: number): number => ((n - k) * (t - k)) / ((k + 1) * (m - t + k + 1));
  const mode = Math.min(most, Math.max(least, Math.floor(((n + 1) * (t + 1)) / (n + m + 2))));
  const weights = new Float64Array(most - least + 1);
  weights[mode - least] = 1;
  for (let k = mode; k < most; k++) weights[k + 1 - least] = weights[k - least]! * up(k);
  for (let k = mode; k > least; k--) weights[k - 1 - least] = weights[k - least]! / up(k - 1);
  // Tables of equal probability differ in their last digits.
  const bound = weights[observed - least]! * (1 + 1e-9);
  let [extreme, all] = [0, 0];
  for (const weight of weights) {
    all += weight;
    if (weight <= bound) extreme += weight;
  }
  return extreme / all;
};
