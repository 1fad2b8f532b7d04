import { erfc } from './error-function.ts';

/** Φ(z), the share of standard normal values below z. The upper tail is Φ(-z). RangeError for NaN. */
export const normalCdf = (z: number): number => erfc(-z * Math.SQRT1_2) / 2;

/** P(|Z| ≥ |z|) for a standard normal Z. RangeError for NaN. */
export const normalTwoSided = (z: number): number => erfc(Math.abs(z) * Math.SQRT1_2);
