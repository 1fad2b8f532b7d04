import type { Counts } from './two-counts.ts';

export const sumOf = (values: Counts): number => values.reduce((sum, value) => sum + value, 0);

/**
 * Pearson's Σ (O - E)²/E over two samples, E by the pooled shares, each |O - E| made smaller by `correction`.
 * The two terms of a category are one: with E = n t/N they are (a - E)² N²/(n m t), and |a - E| is |a m - b n|/N.
 */
export const pearson = (first: Counts, second: Counts, correction = 0): number => {
  const [n, m] = [sumOf(first), sumOf(second)];
  return first.reduce((sum, count, c) => {
    const tied = count + second[c]!;
    const distance = Math.max(0, Math.abs(count * m - second[c]! * n) - correction * (n + m));
    return tied === 0 ? sum : sum + ((distance / n) * (distance / m)) / tied;
  }, 0);
};
