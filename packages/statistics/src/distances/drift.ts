import type { Effect, TestResult } from '../result.ts';
import { requireLevel } from '../tests/tested.ts';
import type { Distance } from './count-distance.ts';

/** What every drift check is asked. */
export interface DriftOptions {
  /** The share of false alarms without drift, of the test and of the distance's threshold; 0.05 unless said. */
  readonly alpha?: number | undefined;
  /** How large an effect has to be to matter, on the effect's own scale; 0 unless said: then any matters. */
  readonly materialEffect?: number | undefined;
  /** Of whatever is drawn; 0 unless said. */
  readonly seed?: number | undefined;
  /** Random exchanges, where the limit law does not hold. */
  readonly draws?: number | undefined;
}

/** A distance with what it exceeds with probability `alpha` without drift. */
export interface CalibratedDistance extends Distance {
  readonly threshold: number;
}

/** Whether two samples differ, and by how much: two questions, answered apart. Everything but `test` is null where the test has no meaning. */
export interface Drift {
  readonly test: TestResult;
  readonly distance: CalibratedDistance | null;
  readonly effect: Effect | null;
  /** p ≤ alpha. */
  readonly significant: boolean | null;
  /** The effect is at least `materialEffect`. */
  readonly material: boolean | null;
  /** Significant and material. */
  readonly drifted: boolean | null;
  /** What repeats the result. */
  readonly settings: Readonly<Required<{ [Key in keyof DriftOptions]: number }>>;
}

export const driftSettings = (options: DriftOptions, draws: number): Drift['settings'] => {
  const settings = {
    alpha: options.alpha ?? 0.05,
    materialEffect: options.materialEffect ?? 0,
    seed: options.seed ?? 0,
    draws: options.draws ?? draws,
  };
  requireLevel('Alpha', settings.alpha);
  if (!(settings.materialEffect >= 0 && settings.materialEffect < Infinity)) {
    throw new RangeError(`A material effect is a finite number from 0 on, not ${settings.materialEffect}`);
  }
  return settings;
};

export const untested = (test: TestResult, settings: Drift['settings']): Drift => ({
  test,
  distance: null,
  effect: null,
  significant: null,
  material: null,
  drifted: null,
  settings,
});

/** The verdicts on a test that could be carried out. */
export const judged = ({
  test,
  distance,
  effect,
  settings,
}: Pick<Drift, 'test' | 'settings'> & { distance: CalibratedDistance; effect: Effect }): Drift => {
  const significant = test.testable && test.pValue <= settings.alpha;
  const material = effect.value >= settings.materialEffect;
  return { test, distance, effect, significant, material, drifted: significant && material, settings };
};
