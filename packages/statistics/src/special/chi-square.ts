import { incompleteGamma, poissonDensity } from './incomplete-gamma.ts';
import { increasingRoot } from './root.ts';

/** P(X ≥ x) for chi-square with `df` > 0 degrees of freedom: Q(df/2, x/2). RangeError unless x ≥ 0. */
export const chiSquareSurvival = (x: number, df: number): number => incompleteGamma(df / 2, x / 2).upper;

/** The x below which chi-square with `df` degrees of freedom falls with probability `p`. RangeError unless 0 < p < 1. */
export const chiSquareQuantile = (p: number, df: number): number => {
  if (!(p > 0 && p < 1)) throw new RangeError(`A probability strictly between 0 and 1 is needed, not ${p}`);
  // Each side of the median is sought in its own tail, which keeps its digits.
  return increasingRoot((x) => {
    const { lower, upper } = incompleteGamma(df / 2, x / 2);
    return p <= 0.5 ? lower - p : 1 - p - upper;
  });
};

/**
 * P(X ≥ x) for non-central chi-square: Σⱼ Poisson(j; λ/2) · Q(df/2 + j, x/2), with λ the non-centrality.
 * Source: Johnson, Kotz, Balakrishnan 1995, Continuous univariate distributions 2, chapter 29. RangeError unless x, λ ≥ 0.
 */
export const noncentralChiSquareSurvival = (x: number, df: number, noncentrality: number): number => {
  if (!(noncentrality >= 0 && noncentrality < Infinity)) throw new RangeError(`A non-centrality is at least 0, not ${noncentrality}`);
  if (noncentrality === 0 || x === 0) return chiSquareSurvival(x, df);
  const mean = noncentrality / 2;
  // Nine standard deviations hold all that a double can see.
  const reach = 9 * Math.sqrt(mean) + 40;
  const first = Math.max(0, Math.floor(mean - reach));
  let weight = poissonDensity(first, mean);
  let tail = incompleteGamma(df / 2 + first, x / 2).upper;
  let step = poissonDensity(df / 2 + first, x / 2);
  let sum = 0;
  for (let j = first; j <= mean + reach; j++) {
    sum += weight * tail;
    tail += step;
    weight *= mean / (j + 1);
    step *= x / 2 / (df / 2 + j + 1);
  }
  return Math.min(1, sum);
};
