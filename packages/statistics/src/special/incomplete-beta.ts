import { halfDeviance, stirlingError } from './stirling.ts';
import { fromLower, fromUpper, type Tails } from './tails.ts';

/**
 * The regularised incomplete beta function: `lower` is I_x(a, b), `upper` is I_{1-x}(b, a).
 * By the continued fraction DLMF 8.17.22, with xᵃ(1-x)ᵇ/B(a, b) by saddle point (Loader 2000), so that small tails keep 12 digits.
 * Give `y` = 1 - x where the caller knows it better than the subtraction would.
 * RangeError unless a, b > 0 and 0 ≤ x ≤ 1.
 */
export const incompleteBeta = ({ a, b, x, y = 1 - x }: { a: number; b: number; x: number; y?: number }): Tails => {
  if (!(a > 0 && b > 0 && a + b < Infinity)) throw new RangeError(`The incomplete beta function needs a, b > 0, not ${a} and ${b}`);
  if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) throw new RangeError(`The incomplete beta function needs 0 ≤ x ≤ 1, not ${x}`);
  if (x === 0) return { lower: 0, upper: 1 };
  if (y === 0) return { lower: 1, upper: 0 };
  const factor = density(a, b, [x, y]);
  return x * (a + b + 2) < a + 1 ? fromLower((factor / a) * fraction(a, b, x)) : fromUpper((factor / b) * fraction(b, a, y));
};

/** xᵃyᵇ/B(a, b) with y = 1 - x. */
const density = (a: number, b: number, [x, y]: readonly [number, number]): number => {
  const n = a + b;
  const exponent = stirlingError(n) - stirlingError(a) - stirlingError(b) - halfDeviance(a, n * x) - halfDeviance(b, n * y);
  return Math.sqrt((a * b) / (2 * Math.PI * n)) * Math.exp(exponent);
};

/** Lentz's way from the front, two steps a round. */
const fraction = (a: number, b: number, x: number): number => {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let value = d;
  const step = (coefficient: number): number => {
    d = 1 / (1 + coefficient * d);
    c = 1 + coefficient / c;
    value *= c * d;
    return c * d;
  };
  for (let m = 1; ; m++) {
    const n = a + 2 * m;
    step((m * (b - m) * x) / ((n - 1) * n));
    if (Math.abs(step((-(a + m) * (a + b + m) * x) / (n * (n + 1))) - 1) < 1e-15) return value;
  }
};
