import type { Estimate } from '../estimate.ts';
import { type Proportion, proportion } from '../proportion.ts';

/** An estimate beside what turned out to be true. */
export interface ScoredEstimate {
  readonly estimate: number | null;
  readonly truth: number | null;
  /** Truth minus estimate, in their unit: above 0 the estimate was too low. Null where either is missing. */
  readonly error: number | null;
  /** Whether the truth lay within the estimate's band, ends included. Null where there was no band or no truth. */
  readonly inside: boolean | null;
}

/** The error of an estimate, once the truth is known. RangeError for a truth that is not finite. */
export const scoreEstimate = ({ value, interval }: Pick<Estimate, 'value' | 'interval'>, truth: number | null): ScoredEstimate => {
  if (truth !== null && !Number.isFinite(truth))
    throw new RangeError(`A truth is a finite number, or null where it is unknown, not ${truth}`);
  return {
    estimate: value,
    truth,
    error: value === null || truth === null ? null : truth - value,
    inside: interval === null || truth === null ? null : interval.low <= truth && truth <= interval.high,
  };
};

/** What an estimator has earned so far. Errors are in the unit of the estimates, null where none was scored. */
export interface TrackRecord {
  readonly scored: number;
  /** Above 0 it estimates too low. */
  readonly meanError: number | null;
  readonly meanAbsoluteError: number | null;
  /** How often the truth lay within the band, with Wilson's interval; trials are the estimates that had a band. */
  readonly inside: Proportion;
}

/** Sums up scored estimates; those without an error are left out. */
export const trackRecord = (scores: readonly ScoredEstimate[], confidence = 0.95): TrackRecord => {
  const errors = scores.flatMap(({ error }) => error ?? []);
  const banded = scores.filter(({ inside }) => inside !== null);
  const mean = (numbers: readonly number[]): number | null =>
    numbers.length === 0 ? null : numbers.reduce((a, b) => a + b, 0) / numbers.length;
  return {
    scored: errors.length,
    meanError: mean(errors),
    meanAbsoluteError: mean(errors.map(Math.abs)),
    inside: proportion(banded.filter(({ inside }) => inside).length, banded.length, confidence),
  };
};
