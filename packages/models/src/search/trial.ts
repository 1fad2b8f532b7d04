import type { Settings } from './space.ts';

/** What a trial came to. */
export interface Trial {
  readonly settings: Settings;
  /** Higher is better. */
  readonly value: number;
  /** How far it was carried before it ended or was stopped, in any unit; trials that say nothing were carried equally far. */
  readonly resource?: number;
}

/** The best first: those that were carried further before those that were stopped, then by value; the earlier wins a tie. */
export const ranked = (trials: readonly Trial[]): readonly Trial[] =>
  trials.toSorted((a, b) => (b.resource ?? Infinity) - (a.resource ?? Infinity) || ordered(b.value) - ordered(a.value) || 0);

/** A trial whose value is no number (its loss overflowed) is worse than all others. */
const ordered = (value: number): number =>
  Number.isNaN(value) ? -Number.MAX_VALUE : Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value));
