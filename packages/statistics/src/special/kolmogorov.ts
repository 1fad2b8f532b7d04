import { increasingRoot } from './root.ts';

/**
 * Kolmogorov's limit law: P(K ≥ x) for K = √n · sup |Fₙ - F| as n grows, x ≥ 0.
 * 2 Σ (-1)ʲ⁻¹ e^{-2j²x²} from 1 on, and below 1 - √(2π)/x Σ e^{-(2j-1)²π²/8x²}, where the first converges slowly.
 * Source: Kolmogorov 1933; Feller 1948. RangeError unless x ≥ 0.
 */
export const kolmogorovSurvival = (x: number): number => {
  if (!(x >= 0)) throw new RangeError(`Kolmogorov's law is over x ≥ 0, not ${x}`);
  // Below this the law's lower tail is beneath the last digit of 1.
  if (x < 0.18) return 1;
  let sum = 0;
  if (x < 1) {
    for (let j = 1; j <= 9; j += 2) sum += Math.exp((-j * j * Math.PI * Math.PI) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  for (let j = 1; j <= 5; j++) sum += (j % 2 === 1 ? 2 : -2) * Math.exp(-2 * j * j * x * x);
  return sum;
};

/** The x below which Kolmogorov's limit law falls with probability `p`. RangeError unless 0 < p < 1. */
export const kolmogorovQuantile = (p: number): number => {
  if (!(p > 0 && p < 1)) throw new RangeError(`A probability strictly between 0 and 1 is needed, not ${p}`);
  return increasingRoot((x) => 1 - p - kolmogorovSurvival(x));
};
