import { halfDeviance, stirlingError } from './stirling.ts';
import { fromLower, fromUpper, type Tails } from './tails.ts';

/**
 * The regularised incomplete gamma functions: `lower` is P(a, x), `upper` is Q(a, x).
 * P = xᵃe⁻ˣ/Γ(a+1) · Σ xʲ/((a+1)…(a+j)) up to x = a + 1, Legendre's continued fraction for Q beyond (DLMF 8.7.1, 8.9.2),
 * with the factor before them by saddle point (Loader 2000), so that small tails keep 12 digits for a ≥ ½.
 * RangeError unless a > 0 and x ≥ 0.
 */
export const incompleteGamma = (a: number, x: number): Tails => {
  if (!(a > 0 && a < Infinity)) throw new RangeError(`The incomplete gamma function needs a finite a > 0, not ${a}`);
  if (!(x >= 0)) throw new RangeError(`The incomplete gamma function needs x ≥ 0, not ${x}`);
  if (x === 0) return { lower: 0, upper: 1 };
  if (x === Infinity) return { lower: 1, upper: 0 };
  const factor = poissonDensity(a, x);
  return x < a + 1 ? fromLower(factor * lowerSeries(a, x)) : fromUpper(factor * a * upperFraction(a, x));
};

/** xᵃe⁻ˣ/Γ(a+1), for whole `a` the probability of `a` events where `x` are expected. */
export const poissonDensity = (a: number, x: number): number =>
  a === 0 ? Math.exp(-x) : Math.exp(-stirlingError(a) - halfDeviance(a, x)) / Math.sqrt(2 * Math.PI * a);

const lowerSeries = (a: number, x: number): number => {
  let term = 1;
  let sum = 1;
  for (let n = a + 1; term > sum * 1e-17; n++) {
    term *= x / n;
    sum += term;
  }
  return sum;
};

/** Lentz's way from the front; x > a keeps every denominator above zero. */
const upperFraction = (a: number, x: number): number => {
  let b = x + 1 - a;
  let c = Infinity;
  let d = 1 / b;
  let value = d;
  for (let i = 1; ; i++) {
    const numerator = -i * (i - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    const change = c * d;
    value *= change;
    if (Math.abs(change - 1) < 1e-15) return value;
  }
};
