import { demandMagnitude } from './demands.ts';

/** Count, mean and sum of squared deviations, kept as values come (Welford 1962): what a mean needs, in three numbers. */
export interface Moments {
  readonly n: number;
  readonly mean: number;
  readonly squares: number;
}

export const noMoments: Moments = { n: 0, mean: 0, squares: 0 };

export const withValue = ({ n, mean, squares }: Moments, value: number): Moments => {
  demandMagnitude('A value', value);
  const before = value - mean;
  const after = mean + before / (n + 1);
  return { n: n + 1, mean: after, squares: squares + before * (value - after) };
};

/** The unbiased variance, 0 for fewer than two values. */
export const varianceOf = ({ n, squares }: Moments): number => (n < 2 ? 0 : squares / (n - 1));
