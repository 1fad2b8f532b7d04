import { demandMagnitude } from './demands.ts';

/** Where values lie. Sequences of bounded means hold for any distribution between the two. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

export const demandRange = ({ low, high }: Range): void => {
  demandMagnitude('low', low);
  demandMagnitude('high', high);
  if (!(low < high)) throw new RangeError(`The values' range needs low < high, not ${low} and ${high}`);
};

/** The value on the scale from 0 to 1. */
export const scaled = (value: number, { low, high }: Range): number => {
  if (!(value >= low && value <= high)) throw new RangeError(`The value ${value} lies outside the stated range from ${low} to ${high}`);
  return (value - low) / (high - low) + 0;
};

/** What the bet on the next value is made from: values between 0 and 1 so far, with half a value of prior. */
export interface PlugIn {
  readonly n: number;
  readonly sum: number;
  readonly squares: number;
}

export const noPlugIn: PlugIn = { n: 0, sum: 0, squares: 0 };

/** μ̂ = (½ + Σx)/(n + 1). */
export const plugInMean = ({ n, sum }: PlugIn): number => (0.5 + sum) / (n + 1);

export const withPlugIn = ({ n, sum, squares }: PlugIn, x: number): PlugIn => {
  const after = { n: n + 1, sum: sum + x, squares };
  return { ...after, squares: squares + (x - plugInMean(after)) ** 2 };
};

/**
 * The bet on value t = n + 1, chosen before it is seen: λ = √(2 ln(2/α)/(σ̂² t ln(1 + t))), σ̂² = (¼ + Σ(xᵢ − μ̂ᵢ)²)/(n + 1).
 * Source: Waudby-Smith, Ramdas 2024 (2010.09686), the bets of theorems 2 and 3.
 */
export const nextBet = ({ n, squares }: PlugIn, alpha: number): number => {
  const variance = (0.25 + squares) / (n + 1);
  return Math.sqrt((2 * Math.log(2 / alpha)) / (variance * (n + 1) * Math.log(n + 2)));
};
