import type { Run } from '@boucle/contract';
import { isSystemMetric } from '@boucle/contract';

export interface DifferenceRow {
  readonly key: string;
  /** One for each run; undefined where it has none. */
  readonly values: readonly (string | number | undefined)[];
  readonly isEqual: boolean;
}
type Compared = Pick<Run, 'params' | 'metrics'>;

/** The keys of all runs, each with what every run says. */
export const differencesOf = (runs: readonly Compared[], of: 'params' | 'metrics'): DifferenceRow[] => {
  const keys = [...new Set(runs.flatMap((run) => Object.keys(run[of])))].sort();
  return keys
    .filter((key) => of === 'params' || !isSystemMetric(key))
    .map((key) => {
      const values = runs.map((run) => (Object.hasOwn(run[of], key) ? run[of][key] : undefined));
      return { key, values, isEqual: values.every((value) => value === values[0]) };
    });
};

export interface NumberRow {
  /** `metrics.f1`, `params.C`. */
  readonly id: string;
  readonly name: string;
  readonly values: readonly (number | undefined)[];
}
/** What differs and can be counted: metrics, and params whose every value is a number. */
export const numbersOf = (runs: readonly Compared[]): NumberRow[] =>
  (['metrics', 'params'] as const).flatMap((of) =>
    differencesOf(runs, of).flatMap(({ key, values, isEqual }) => {
      const numbers = values.map((value) => (value === undefined || value === '' ? undefined : Number(value)));
      const isCounted = numbers.every((value) => value === undefined || Number.isFinite(value));
      const finite = numbers.map((value) => (Number.isFinite(value) ? value : undefined));
      if (isEqual || (of === 'params' && !isCounted) || finite.filter((value) => value !== undefined).length < 2) return [];
      return [{ id: `${of}.${key}`, name: key, values: finite }];
    }),
  );

/** From 0 to 1 along a row; the middle where nothing differs. */
export const placesOf = ({ values }: Pick<NumberRow, 'values'>): (number | undefined)[] => {
  const known = values.filter((value) => value !== undefined);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return values.map((value) => (value === undefined ? undefined : high === low ? 0.5 : (value - low) / (high - low)));
};
