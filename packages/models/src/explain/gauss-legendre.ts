export interface Quadrature {
  /** Rising, within [0, 1]. */
  readonly points: Float64Array;
  /** They sum to 1. */
  readonly weights: Float64Array;
}

/**
 * Gauss and Legendre's rule on [0, 1] with n points: exact for polynomials up to degree 2n - 1. The points are the roots of the Legendre
 * polynomial Pₙ, by Newton's method from cos(π(i + ¾)/(n + ½)); weights 1/((1 - x²) P'ₙ(x)²). Source: Davis and Rabinowitz 1984, section 2.7.
 * RangeError unless n is whole and positive.
 */
export const gaussLegendre = (n: number): Quadrature => {
  if (!Number.isSafeInteger(n) || n < 1) throw new RangeError(`A quadrature has a whole number of points from 1 on, not ${n}`);
  const points = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 0;
    for (let step = 0; step < 100; step++) {
      const [value, below] = legendre(n, x);
      slope = (n * (x * value - below)) / (x * x - 1);
      const move = value / slope;
      x -= move;
      if (Math.abs(move) < 1e-15) break;
    }
    points[n - 1 - i] = (1 + x) / 2;
    weights[n - 1 - i] = 1 / ((1 - x * x) * slope * slope);
  }
  return { points, weights };
};

/** Pₙ and Pₙ₋₁ at x. */
const legendre = (n: number, x: number): [value: number, below: number] => {
  let [below, value] = [1, x];
  for (let k = 2; k <= n; k++) [below, value] = [value, ((2 * k - 1) * x * value - (k - 1) * below) / k];
  return [value, below];
};
