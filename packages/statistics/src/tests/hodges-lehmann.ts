import { normalQuantile } from '../normal-quantile.ts';
import type { Effect } from '../result.ts';
import { nullDeviation } from './mann-whitney.ts';
import { pool, type Sample, sorted } from './pool.ts';
import { rankSumLaw } from './rank-sum-law.ts';
import { requireLevel } from './tested.ts';

/**
 * The shift between two samples by Hodges and Lehmann: the median of all differences first - second, in the samples' unit.
 * The interval goes from the c-th smallest to the c-th largest difference, c by the law of U without ties where n·m ≤ 1000
 * (its `confidence` is then the one attained), else by the normal law. Sources: Hodges and Lehmann 1963; Lehmann 1975, section 2.6;
 * differences are selected in O(N) a step, without listing them. Undefined where a sample is empty. RangeError for values that are not finite.
 */
export const hodgesLehmann = (first: Sample, second: Sample, confidence = 0.95): Effect | undefined => {
  requireLevel('A confidence', confidence);
  const [x, y] = [sorted(first), sorted(second)];
  const pairs = x.length * y.length;
  if (pairs === 0) return undefined;
  const middle = [Math.ceil(pairs / 2), Math.floor(pairs / 2) + 1].map((k) => kthDifference(x, y, k));
  const { rank, attained } = intervalRank(x, y, confidence);
  return {
    name: 'shift of the first against the second',
    value: (middle[0]! + middle[1]!) / 2,
    interval: { low: kthDifference(x, y, rank), high: kthDifference(x, y, pairs + 1 - rank), confidence: attained },
  };
};

const intervalRank = (x: Float64Array, y: Float64Array, confidence: number): { rank: number; attained: number } => {
  const [n, m] = [x.length, y.length];
  const tail = (1 - confidence) / 2;
  if (n * m > 1000) {
    const z = normalQuantile((1 + confidence) / 2);
    return { rank: Math.max(1, Math.floor((n * m) / 2 - z * nullDeviation(pool([x, y])))), attained: confidence };
  }
  const size = Math.min(n, m);
  const law = rankSumLaw(
    Array.from({ length: n + m }, (_, i) => 2 * (i + 1)),
    size,
  );
  // P(U < rank) is the chance to miss on one side; the first rank is taken even where it misses too often.
  const start = size * (size + 1);
  let missed = law[start]!;
  let rank = 1;
  while (missed + law[start + 2 * rank]! <= tail) missed += law[start + 2 * rank++]!;
  return { rank, attained: Math.max(0, 1 - 2 * missed) };
};

/** The k-th smallest of all x - y, for sorted samples: narrows between two differences until they are one. */
const kthDifference = (x: Float64Array, y: Float64Array, k: number): number => {
  let low = x[0]! - y[y.length - 1]!;
  let high = x[x.length - 1]! - y[0]!;
  while (low < high) {
    const middle = low + (high - low) / 2;
    // Between two neighbouring doubles the middle may round up to the higher one.
    const { count, atMost, above } = countUpTo(x, y, middle < high ? middle : low);
    if (count >= k) high = atMost;
    else low = above;
  }
  return high;
};

/** How many differences are at most `bound`, the largest of them, and the smallest of the others. */
const countUpTo = (x: Float64Array, y: Float64Array, bound: number): { count: number; atMost: number; above: number } => {
  let [count, atMost, above] = [0, -Infinity, Infinity];
  // As x grows, the first y with x - y ≤ bound moves up.
  let j = 0;
  for (const value of x) {
    while (j < y.length && value - y[j]! > bound) j++;
    if (j < y.length) atMost = Math.max(atMost, value - y[j]!);
    if (j > 0) above = Math.min(above, value - y[j - 1]!);
    count += y.length - j;
  }
  return { count, atMost, above };
};
