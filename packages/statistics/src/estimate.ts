import type { Interval } from './proportion.ts';

/** A number that was estimated from data, or the reason why there is none. */
export interface Estimate {
  /** Null where the data leave it without a meaning; `why` then says what is missing. */
  readonly value: number | null;
  readonly interval: Interval | null;
  /** How value and interval were computed. */
  readonly method: string;
  /** Observations that took part. */
  readonly sizes: readonly number[];
  /** The reason for a missing value or interval, as a sentence's end: `there are no rows`. */
  readonly why?: string;
}

export const notEstimable = (method: string, sizes: readonly number[], why: string): Estimate => ({
  value: null,
  interval: null,
  method,
  sizes,
  why,
});
