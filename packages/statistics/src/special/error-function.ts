import { incompleteGamma } from './incomplete-gamma.ts';

/** erf(x) = 2/√π ∫₀ˣ e^{-t²} dt = ± P(½, x²). RangeError for NaN. */
export const erf = (x: number): number => {
  const size = Math.abs(x);
  // Its own first term where the square would lose itself among the smallest numbers.
  const value = size < 1e-9 ? (2 / Math.sqrt(Math.PI)) * size : incompleteGamma(0.5, x * x).lower;
  return x < 0 ? -value : value;
};

/** erfc(x) = 1 - erf(x), with its digits kept for large x: Q(½, x²). RangeError for NaN. */
export const erfc = (x: number): number => (x < 0 ? 1 + erf(-x) : incompleteGamma(0.5, x * x).upper);
