import { type ColumnReference, type NumberReference, type TextMeasure } from '../columns/column-reference.ts';
import { categoryPlaces, unseenValues } from '../columns/category-counts.ts';
import { type NumberForm, numberCells } from '../columns/number-counts.ts';
import type { ColumnForm } from '../columns/part-counts.ts';

export interface Cell {
  readonly label: string;
  readonly reference: number;
  readonly current: number;
}
/** A column, or one of the numbers that a text is compared by, cell by cell. */
export interface Compared {
  readonly measure: TextMeasure | null;
  readonly cells: readonly Cell[];
  readonly why?: string;
}

/** What is compared of a column. Without a reference it says why. */
export const compare = (form: ColumnForm, reference: ColumnReference | undefined, lacking: string): readonly Compared[] => {
  if (!reference) return [{ measure: null, cells: [], why: lacking }];
  if (form.kind === 'number' && reference.kind === 'number') return [{ measure: null, cells: numbers(form, reference) }];
  if (form.kind === 'category' && reference.kind === 'category') return [{ measure: null, cells: categories(form, reference) }];
  if (form.kind === 'text' && reference.kind === 'text')
    return (['length', 'new words', 'surprise'] as const).map((measure) => {
      const [seen, usual] = [form.measures[measure], reference.measures[measure]];
      return seen && usual
        ? { measure, cells: numbers(seen, usual) }
        : { measure, cells: [], why: 'the reference has too few texts to tell which words are new' };
    });
  return [{ measure: null, cells: [], why: `the reference is of ${reference.kind} values, and these are of ${form.kind} values` }];
};

/** Cells at the ends reach on: what lies outside the reference's range is few rows, and a finding of its own. */
const numbers = (form: NumberForm, reference: NumberReference): Cell[] => {
  const { edges } = reference;
  const current = numberCells(form, reference);
  if (edges.length < 2) {
    const [only = 0] = edges;
    return [`below ${only}`, `${only}`, `above ${only}`].map((label, i) => ({
      label,
      reference: reference.counts[i] ?? 0,
      current: current[i] ?? 0,
    }));
  }
  const last = edges.length - 1;
  return edges.slice(0, last).map((edge, i) => {
    const [isFirst, isLast] = [i === 0, i === last - 1];
    const inCell = (counts: readonly number[]): number =>
      (counts[i + 1] ?? 0) + (isFirst ? (counts[0] ?? 0) : 0) + (isLast ? (counts[last + 1] ?? 0) : 0);
    const [from, to] = [shown(edge), shown(edges[i + 1]!)];
    const label = isFirst && isLast ? 'any' : isFirst ? `below ${to}` : isLast ? `from ${from}` : `${from} to ${to}`;
    return { label, reference: inCell(reference.counts), current: inCell(current) };
  });
};
const shown = (edge: number): string => String(Number(edge.toPrecision(6)));

const shownCells = 30;
/**
 * The values that are most frequent in both samples together have a cell each, new ones too, and the others share one: chosen by either
 * sample alone, cells would favour it, and call that drift.
 */
const categories = (form: Extract<ColumnForm, { kind: 'category' }>, reference: Extract<ColumnReference, { kind: 'category' }>): Cell[] => {
  const { known } = categoryPlaces(form, reference);
  const all = [
    ...reference.values.map((label, place) => ({ label, reference: reference.counts[place] ?? 0, current: known[place] ?? 0 })),
    ...unseenValues(form, reference).map(({ value, low }) => ({ label: value, reference: 0, current: low })),
  ].sort((a, b) => b.reference + b.current - a.reference - a.current || (a.label < b.label ? -1 : 1));
  const own = all.slice(0, shownCells);
  const left = (rows: number, side: 'reference' | 'current'): number => own.reduce((rest, cell) => rest - cell[side], rows);
  const rarer = { label: '(rarer ones)', reference: left(reference.rows, 'reference'), current: left(form.rows, 'current') };
  return [...own, rarer].filter((cell) => cell.reference + cell.current > 0);
};
