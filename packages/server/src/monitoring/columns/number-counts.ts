import { createQuantileSketch, type QuantileForm, quantileSketchFrom } from '@boucle/statistics';
import { cellOf, cellsBetween, type NumberReference } from './column-reference.ts';

/** What was counted of a column of numbers. Counts by cell of the reference, or a sketch as long as there is none. */
export interface NumberForm {
  readonly kind: 'number';
  readonly cells: readonly number[] | null;
  readonly sketch: QuantileForm | null;
  readonly rows: number;
  readonly missing: number;
  /** Not a number at all; NaN and the infinities are. */
  readonly wrong: number;
  readonly notFinite: number;
  readonly below: number;
  readonly above: number;
  readonly min: number | null;
  readonly max: number | null;
}
export interface Counts<Form> {
  add(value: unknown): void;
  form(): Form;
}
const notFiniteTexts = new Set<unknown>(['NaN', 'Infinity', '-Infinity']);

export const createNumberCounts = (reference: NumberReference | undefined, from?: NumberForm): Counts<NumberForm> => {
  const edges = Float64Array.from(reference?.edges ?? []) as unknown as readonly number[];
  // What was sketched before there was a reference stays sketched until it is judged.
  const sketch = from ? from.sketch && quantileSketchFrom(from.sketch) : reference ? null : createQuantileSketch();
  const cells = sketch ? null : from?.cells ? Float64Array.from(from.cells) : new Float64Array(cellsBetween(edges));
  const [low, high] = reference ? [reference.low, reference.high] : [-Infinity, Infinity];
  let { rows, missing, wrong, notFinite, below, above } = from ?? none;
  let min = from?.min ?? Infinity;
  let max = from?.max ?? -Infinity;
  return {
    add: (value) => {
      if (typeof value !== 'number') {
        if (value === null || value === undefined) missing++;
        else if (notFiniteTexts.has(value)) notFinite++;
        else wrong++;
        return;
      }
      if (!Number.isFinite(value)) {
        notFinite++;
        return;
      }
      rows++;
      if (value < min) min = value;
      if (value > max) max = value;
      if (value < low) below++;
      else if (value > high) above++;
      if (cells) cells[cellOf(edges, value)]!++;
      else sketch!.add(value);
    },
    form: () => ({
      kind: 'number',
      cells: cells && [...cells],
      sketch: sketch && sketch.toJSON(),
      rows,
      missing,
      wrong,
      notFinite,
      below,
      above,
      min: rows === 0 ? null : min,
      max: rows === 0 ? null : max,
    }),
  };
};
const none = { rows: 0, missing: 0, wrong: 0, notFinite: 0, below: 0, above: 0 };

/** Counts by cell of this reference, whichever way they were taken: a sketch knows what lies before and at an edge. */
export const numberCells = (form: NumberForm, { edges }: Pick<NumberReference, 'edges'>): readonly number[] => {
  if (form.cells) return form.cells;
  const sketch = quantileSketchFrom(form.sketch!);
  const counts = Array.from({ length: cellsBetween(edges) }, () => 0);
  const { levels } = sketch.toJSON();
  for (const [level, values] of levels.entries()) for (const value of values) counts[cellOf(edges, value)]! += 2 ** level;
  return counts;
};

export const mergeNumbers = (a: NumberForm, b: NumberForm, reference: NumberReference | undefined): NumberForm => ({
  kind: 'number',
  cells: reference ? addUp(numberCells(a, reference), numberCells(b, reference)) : null,
  sketch: reference ? null : quantileSketchFrom(a.sketch!).mergedWith(quantileSketchFrom(b.sketch!)).toJSON(),
  rows: a.rows + b.rows,
  missing: a.missing + b.missing,
  wrong: a.wrong + b.wrong,
  notFinite: a.notFinite + b.notFinite,
  below: a.below + b.below,
  above: a.above + b.above,
  min: a.min === null ? b.min : b.min === null ? a.min : Math.min(a.min, b.min),
  max: a.max === null ? b.max : b.max === null ? a.max : Math.max(a.max, b.max),
});
export const addUp = (a: readonly number[], b: readonly number[]): number[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, i) => (a[i] ?? 0) + (b[i] ?? 0));
