/** A law's two sides of one point. Each is computed so that the smaller keeps its digits: it is not one minus the larger. */
export interface Tails {
  /** The probability of a value at or below the point. */
  readonly lower: number;
  /** The probability of a value above the point. */
  readonly upper: number;
}

export const fromLower = (lower: number): Tails => ({ lower: Math.min(1, lower), upper: Math.max(0, 1 - lower) });
export const fromUpper = (upper: number): Tails => ({ lower: Math.max(0, 1 - upper), upper: Math.min(1, upper) });
