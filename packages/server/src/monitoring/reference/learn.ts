import { categoryCountsFrom, quantileSketchFrom } from '@boucle/statistics';
import type { ColumnKind, ColumnReference, NumberReference, Reference } from '../columns/column-reference.ts';
import { type ColumnForm, mergeColumns, type PartForm } from '../columns/part-counts.ts';
import type { NumberForm } from '../columns/number-counts.ts';
import { wordsOf } from '../columns/words.ts';
import { categoryReference, numberReference } from './collect-column.ts';

/** What is taken from the first windows of a model version, where no table tells what is usual. */
export interface Learned {
  readonly kinds: Readonly<Record<string, ColumnKind>>;
  readonly references: Readonly<Record<string, ColumnReference>>;
  readonly collecting: Readonly<Record<string, ColumnForm>>;
}
export const nothingLearned: Learned = { kinds: {}, references: {}, collecting: {} };
/** Windows are collected until so many rows came. */
const enoughRows = 200;
/** A sketch gives back as many values as it stands for; more would make no test sharper. */
const mostRows = 50_000;

/** Adds a window that has been judged. Its own verdict was that there is no reference yet. */
export const learn = (learned: Learned, given: Reference, parts: readonly PartForm[]): Learned => {
  const references = { ...learned.references };
  const collecting = { ...learned.collecting };
  for (const part of parts.filter(({ slice }) => slice === null)) {
    for (const [name, form] of Object.entries(part.columns)) {
      if (given.columns[name] || references[name] || form.rows === 0 || !isSketched(form)) continue;
      const before = collecting[name];
      const all = before ? mergeColumns(before, form, undefined) : form;
      const reference = all.rows >= enoughRows ? referenceFrom(all) : undefined;
      if (reference) {
        references[name] = reference;
        delete collecting[name];
      } else collecting[name] = all;
    }
  }
  return { ...learned, references, collecting };
};

/** What was counted by the cells of a reference that is gone has no values to learn from. */
const isSketched = (form: ColumnForm): boolean => {
  if (form.kind === 'category') return form.known === null;
  return (form.kind === 'number' ? form : form.measures.length)?.sketch !== null;
};
const source = 'first windows';
const referenceFrom = (form: ColumnForm): ColumnReference | undefined => {
  const known = { source, missing: form.missing } as const;
  if (form.kind === 'number') return numbersFrom(form, form.missing);
  if (form.kind === 'category') {
    const { counts } = categoryCountsFrom(form.unseen).summary();
    return categoryReference(
      counts.map(({ value, low }) => [value, low] as const),
      known,
    );
  }
  const length = form.measures.length && numbersFrom(form.measures.length, 0);
  return length && { kind: 'text', ...known, rows: form.rows, measures: { length }, vocabulary: null };
};
const numbersFrom = ({ sketch }: NumberForm, missing: number): NumberReference | undefined => {
  const { levels, count } = quantileSketchFrom(sketch!).toJSON();
  if (count < 2) return undefined;
  const share = Math.max(1, Math.ceil(count / mostRows));
  const values = levels.flatMap((level, h) => level.flatMap((value) => Array.from({ length: Math.ceil(2 ** h / share) }, () => value)));
  return numberReference(Float64Array.from(values), { source, missing });
};

/** By what is in it, the kind of a column of which no table is known. */
export const kindOf = (values: readonly unknown[]): ColumnKind | undefined => {
  const there = values.filter((value) => value !== null && value !== undefined);
  if (there.length === 0) return undefined;
  if (there.every((value) => typeof value === 'number')) return 'number';
  const words = there.reduce<number>((sum, value) => sum + wordsOf(typeof value === 'string' ? value : JSON.stringify(value)).length, 0);
  return words / there.length >= 2.5 ? 'text' : 'category';
};
