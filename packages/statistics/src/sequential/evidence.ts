import type { NotTestable } from '../result.ts';

/**
 * What an e-process says at one moment. Under the null hypothesis E has an expectation of at most 1 whenever it is read,
 * so P(E ever ≥ 1/α) ≤ α (Ville 1939; Ramdas, Grünwald, Vovk, Shafer 2023).
 */
export interface Evidence {
  readonly testable: true;
  readonly method: string;
  /** Observations that took part, in the order in which the method names its samples. */
  readonly sizes: readonly number[];
  /** ln E now: 0 is no evidence. */
  readonly logE: number;
  /** min(1, 1 / the largest E so far): valid at any time, never 0. */
  readonly pValue: number;
}

/** An interval that may be open towards one side: null where the data set no bound. */
export interface Bounds {
  readonly low: number | null;
  readonly high: number | null;
  readonly confidence: number;
}

export type Reading<T extends Evidence> = T | NotTestable;

/** min(1, 1/E) of the largest E so far, from its logarithm. What is smaller than any double stays above 0. */
export const alwaysValidP = (maxLogE: number): number => Math.max(Number.MIN_VALUE, Math.min(1, Math.exp(-maxLogE)));

/** ln Σ exp(x), added from the first to the last so that a replay gives the same bits. */
export const logSumExp = (terms: readonly number[]): number => {
  let top = Number.NEGATIVE_INFINITY;
  for (const term of terms) if (term > top) top = term;
  if (top === Number.NEGATIVE_INFINITY) return top;
  let sum = 0;
  for (const term of terms) sum += Math.exp(term - top);
  return top + Math.log(sum);
};

/** ln(exp a + exp b). */
export const logAdd = (a: number, b: number): number => Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
