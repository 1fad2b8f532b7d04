import { incompleteBeta } from './incomplete-beta.ts';
import { increasingRoot } from './root.ts';

/** P(|T| ≥ |t|) for Student's t with `df` > 0 degrees of freedom, whole or not: I_{df/(df+t²)}(df/2, ½). RangeError for NaN. */
export const studentTTwoSided = (t: number, df: number): number => {
  if (Number.isNaN(t)) throw new RangeError('A value of t is a number, not NaN');
  if (!(df > 0)) throw new RangeError(`Student's t needs degrees of freedom above 0, not ${df}`);
  const square = t * t;
  return incompleteBeta({ a: df / 2, b: 0.5, x: 1 / (1 + square / df), y: 1 / (1 + df / square) }).lower;
};

/** P(T ≥ t). Errors as `studentTTwoSided`. */
export const studentTSurvival = (t: number, df: number): number => {
  const tail = studentTTwoSided(t, df) / 2;
  return t < 0 ? 1 - tail : tail;
};

/** The t below which Student's t with `df` degrees of freedom falls with probability `p`. RangeError unless 0 < p < 1. */
export const studentTQuantile = (p: number, df: number): number => {
  if (!(p > 0 && p < 1)) throw new RangeError(`A probability strictly between 0 and 1 is needed, not ${p}`);
  const tail = Math.min(p, 1 - p);
  const size = increasingRoot((t) => 2 * tail - studentTTwoSided(t, df));
  return p < 0.5 ? -size : size;
};
