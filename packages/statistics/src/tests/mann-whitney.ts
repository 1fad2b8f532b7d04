import { notTestable, type TestResult } from '../result.ts';
import { normalCdf, normalTwoSided } from '../special/normal.ts';
import { type Pool, pool, type Sample, withoutMeaning } from './pool.ts';
import { superiority } from './probability-of-superiority.ts';
import { rankSumLaw } from './rank-sum-law.ts';
import { requireLevel, tested } from './tested.ts';

/** What the test looks for: a first sample that is different, smaller or larger than the second. */
export type Alternative = 'two-sided' | 'less' | 'greater';

export interface MannWhitneyOptions {
  readonly alternative?: Alternative | undefined;
  /** The law of U: by default exact where n·m ≤ 1000, else normal. */
  readonly law?: 'exact' | 'normal' | undefined;
  /** Of the effect's interval; 0.95 unless said. */
  readonly confidence?: number | undefined;
}

/**
 * Mann's and Whitney's test that neither sample tends to larger values: U = #{x > y} + ½ #{x = y} for the first sample.
 * Exact p given the ties by the shift algorithm; else normal with the ties' correction of the variance and ½ for continuity
 * (Mann and Whitney 1947; Lehmann 1975, section 1.4). The effect is the probability that the second exceeds the first.
 * Two-sided p counts every U at least as far from nm/2. Not testable: an empty sample, one single value.
 * RangeError for values that are not finite.
 */
export const mannWhitney = (first: Sample, second: Sample, options: MannWhitneyOptions = {}): TestResult => {
  const { alternative = 'two-sided', confidence = 0.95 } = options;
  requireLevel('A confidence', confidence);
  const both = pool([first, second]);
  const [n, m] = both.sizes as [number, number];
  const exact = (options.law ?? (n * m <= 1000 ? 'exact' : 'normal')) === 'exact';
  const method = `mann-whitney, ${alternative}, ${exact ? 'exact' : 'normal'}`;
  const why = withoutMeaning(both);
  if (why !== undefined) return notTestable(method, both.sizes, why);
  const statistic = firstU(both);
  const pValue = exact ? exactP(both, statistic, alternative) : normalP(both, statistic, alternative);
  return tested({ method, sizes: both.sizes, statistic, pValue, effect: superiority(both, confidence) });
};

/** #{x > y} + ½ #{x = y} over all pairs of the first and second sample. */
export const firstU = ({ counts: [a, b], values }: Pool): number => {
  let u = 0;
  let below = 0;
  for (let at = 0; at < values.length; at++) {
    u += a![at]! * (below + b![at]! / 2);
    below += b![at]!;
  }
  return u;
};

const exactP = ({ sizes: [n, m], counts: [a, b], values }: Pool, u: number, alternative: Alternative): number => {
  const ranks: number[] = [];
  for (let at = 0; at < values.length; at++) {
    const tied = a![at]! + b![at]!;
    const doubled = 2 * ranks.length + tied + 1;
    for (let i = 0; i < tied; i++) ranks.push(doubled);
  }
  // The shift algorithm's work grows with the sample whose ranks are summed.
  const [size, sign] = n! <= m! ? [n!, 1] : [m!, -1];
  const own = sign === 1 ? u : n! * m! - u;
  const law = rankSumLaw(ranks, size);
  let p = 0;
  for (let sum = 0; sum < law.length; sum++) {
    const other = (sum - size * (size + 1)) / 2;
    if (isExtreme({ other: sign * other, own: sign * own, centre: (sign * n! * m!) / 2 }, alternative)) p += law[sum]!;
  }
  return p;
};

const isExtreme = ({ other, own, centre }: { other: number; own: number; centre: number }, alternative: Alternative): boolean => {
  if (alternative === 'less') return other <= own;
  if (alternative === 'greater') return other >= own;
  return Math.abs(other - centre) >= Math.abs(own - centre);
};

const normalP = (both: Pool, u: number, alternative: Alternative): number => {
  const [n, m] = both.sizes as [number, number];
  const deviation = nullDeviation(both);
  const above = u - (n * m) / 2;
  if (alternative === 'two-sided') {
    const distance = Math.max(0, Math.abs(above) - 0.5);
    return normalTwoSided(distance / deviation);
  }
  return normalCdf(((alternative === 'less' ? above : -above) + 0.5) / deviation);
};

/** The standard deviation of U without drift, given the ties. */
export const nullDeviation = ({ sizes: [n, m], counts: [a, b], values }: Pool): number => {
  const total = n! + m!;
  let ties = 0;
  for (let at = 0; at < values.length; at++) {
    const tied = a![at]! + b![at]!;
    ties += tied ** 3 - tied;
  }
  return Math.sqrt(((n! * m!) / 12) * (total + 1 - ties / (total * (total - 1))));
};
