import { notTestable, type TestResult } from '../result.ts';
import { cramerVonMisesSurvival } from '../special/cramer-von-mises.ts';
import { type Pool, pool, type Sample, withoutMeaning } from './pool.ts';
import { tested } from './tested.ts';

/** The largest n·m for which every order of the values is counted: some 0.1 s. */
const exactUpTo = 200;

/**
 * The two-sample test of Cramér and von Mises of equal laws: T = U/(nmN) - (4nm - 1)/(6N) with
 * U = n Σ(rᵢ - i)² + m Σ(sⱼ - j)² over the sorted samples' pooled midranks r and s (Anderson 1962, Ann. Math. Stat. 33; Conover 1999).
 * Exact p in whole numbers, given the ties, where n·m ≤ 200; else the limit law,
 * at Anderson's standardised T. Not testable: an empty sample, one single value. RangeError for values that are not finite.
 */
export const cramerVonMises = (
  first: Sample,
  second: Sample,
  options: { readonly law?: 'exact' | 'limit' | undefined } = {},
): TestResult => {
  const both = pool([first, second]);
  const [n, m] = both.sizes as [number, number];
  const exact = (options.law ?? (n * m <= exactUpTo ? 'exact' : 'limit')) === 'exact';
  const method = `cramer-von mises, ${exact ? 'exact' : 'limit law'}`;
  const why = withoutMeaning(both);
  if (why !== undefined) return notTestable(method, both.sizes, why);
  const u = observed(both);
  const statistic = u / 4 / (n * m * (n + m)) - (4 * n * m - 1) / (6 * (n + m));
  return tested({ method, sizes: both.sizes, statistic, pValue: exact ? exactSurvival(both, u) : limitSurvival(statistic, n, m) });
};

/** 4 Σ (c/2 - s)² over s = 1..count, a whole number: a tied block's part in four times U. */
const squares = (count: number, c: number): number =>
  count * c * c - 2 * c * count * (count + 1) + (2 * count * (count + 1) * (2 * count + 1)) / 3;

interface Block {
  /** Values of the first and second sample below it. */
  readonly below: readonly [number, number];
  /** Values of the first and second sample in it. */
  readonly held: readonly [number, number];
}

const blockPart = (n: number, m: number, { below: [i, j], held: [a, b] }: Block): number =>
  n * squares(a, 2 * j + a + b + 1) + m * squares(b, 2 * i + a + b + 1);

/** Four times U. */
const observed = ({ sizes: [n, m], counts: [a, b], values }: Pool): number => {
  let [i, j, u] = [0, 0, 0];
  for (let at = 0; at < values.length; at++) {
    u += blockPart(n!, m!, { below: [i, j], held: [a![at]!, b![at]!] });
    i += a![at]!;
    j += b![at]!;
  }
  return u;
};

/** Counts, block by block, in how many ways the values can be dealt to the samples so that U is reached. */
const exactSurvival = ({ sizes: [n, m], counts: [a, b], values }: Pool, u: number): number => {
  let ways = new Map([[0, new Map([[0, 1]])]]);
  let below = 0;
  let extreme = 0;
  for (let at = 0; at < values.length; at++) {
    const tied = a![at]! + b![at]!;
    const next: typeof ways = new Map();
    for (const [i, sums] of ways) {
      const most = Math.min(tied, n! - i);
      for (let held = Math.max(0, tied - (m! - (below - i))); held <= most; held++) {
        const part = blockPart(n!, m!, { below: [i, below - i], held: [held, tied - held] });
        const choices = binomial(tied, held);
        const completions = binomial(n! + m! - below - tied, n! - i - held);
        const target = next.get(i + held) ?? new Map<number, number>();
        next.set(i + held, target);
        for (const [sum, count] of sums) {
          // No part is negative: what has reached U stays extreme however the rest falls.
          if (sum + part >= u) extreme += count * choices * completions;
          else target.set(sum + part, (target.get(sum + part) ?? 0) + count * choices);
        }
      }
    }
    ways = next;
    below += tied;
  }
  return extreme / binomial(n! + m!, n!);
};

const binomial = (n: number, k: number): number => {
  let value = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) value = Math.round((value * (n - i + 1)) / i);
  return value;
};

const limitSurvival = (statistic: number, n: number, m: number): number => {
  const total = n + m;
  const mean = (1 + 1 / total) / 6;
  const variance = ((total + 1) * (4 * n * m * total - 3 * (n * n + m * m) - 2 * n * m)) / (45 * total * total * 4 * n * m);
  return cramerVonMisesSurvival(Math.max(0, 1 / 6 + (statistic - mean) / Math.sqrt(45 * variance)));
};
