import { incompleteBeta } from './incomplete-beta.ts';

/**
 * P(F ≥ f) for Fisher's F with degrees of freedom `over` (numerator) and `under` (denominator):
 * I_{d₂/(d₂+d₁f)}(d₂/2, d₁/2). RangeError unless f ≥ 0 and both are above 0.
 */
export const fisherFSurvival = (f: number, over: number, under: number): number => {
  if (!(f >= 0)) throw new RangeError(`A value of F is at least 0, not ${f}`);
  if (!(over > 0 && under > 0)) throw new RangeError(`Fisher's F needs degrees of freedom above 0, not ${over} and ${under}`);
  const odds = (over / under) * f;
  return incompleteBeta({ a: under / 2, b: over / 2, x: 1 / (1 + odds), y: 1 / (1 + 1 / odds) }).lower;
};
