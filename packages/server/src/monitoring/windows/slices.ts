import type { PartKey } from '../columns/part-counts.ts';
import { sliceValue } from '../prediction-facts.ts';

/** A slice is for few values: of more, the later ones are counted together. */
const mostValues = 20;
const letters = 100;
export const otherValues = '(others)';

export const createSlicer = (columns: readonly string[], known: Iterable<NonNullable<PartKey['slice']>> = []) => {
  const values = new Map<string, Set<string>>(columns.map((column) => [column, new Set()]));
  for (const { column, value } of known) values.get(column)?.add(value);
  return {
    /** All that a row belongs to, the whole first. */
    of: (row: Readonly<Record<string, unknown>> | undefined): PartKey['slice'][] => {
      const slices: PartKey['slice'][] = [null];
      if (!row) return slices;
      for (const [column, seen] of values) {
        const value = sliceValue(row[column])?.slice(0, letters);
        if (value === undefined) continue;
        if (!seen.has(value) && seen.size >= mostValues) slices.push({ column, value: otherValues });
        else {
          seen.add(value);
          slices.push({ column, value });
        }
      }
      return slices;
    },
  };
};

export const partKeyText = ({ variant, mode, modelVersionId, slice }: PartKey): string =>
  JSON.stringify([variant, mode, modelVersionId, slice && [slice.column, slice.value]]);
