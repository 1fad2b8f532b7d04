import { type CategoryForm as SketchForm, categoryCountsFrom, createCategoryCounts } from '@boucle/statistics';
import type { CategoryReference } from './column-reference.ts';
import { addUp, type Counts } from './number-counts.ts';

/** What was counted of a column of categories: by place in the reference, and those that are not there. */
export interface CategoryForm {
  readonly kind: 'category';
  readonly known: readonly number[] | null;
  /** Without a reference all of them. */
  readonly unseen: SketchForm;
  readonly rows: number;
  readonly missing: number;
  readonly wrong: number;
}
/** Longer ones are cut: a category is a name, and a window's memory is bounded. */
const letters = 200;
const limit = 200;

export const createCategories = (reference: CategoryReference | undefined, from?: CategoryForm): Counts<CategoryForm> => {
  const isSketched = from ? from.known === null : reference === undefined;
  const places = new Map(isSketched ? [] : reference!.values.map((value, place) => [value, place]));
  const known = isSketched ? null : from?.known ? Float64Array.from(from.known) : new Float64Array(places.size);
  const unseen = from ? categoryCountsFrom(from.unseen) : createCategoryCounts({ limit });
  let { rows, missing, wrong } = from ?? { rows: 0, missing: 0, wrong: 0 };
  return {
    add: (value) => {
      if (value === null || value === undefined) {
        missing++;
        return;
      }
      if (typeof value === 'object') {
        wrong++;
        return;
      }
      rows++;
      const text = categoryOf(value);
      const place = places.get(text);
      if (place === undefined) unseen.add(text);
      else known![place]!++;
    },
    form: () => ({ kind: 'category', known: known && [...known], unseen: unseen.toJSON(), rows, missing, wrong }),
  };
};
export const categoryOf = (value: unknown): string => String(value).slice(0, letters);

/** By place in the reference, and how many are not in it. */
export const categoryPlaces = (form: CategoryForm, { values }: CategoryReference): { known: readonly number[]; unseen: number } => {
  const { counts, total } = categoryCountsFrom(form.unseen).summary();
  if (form.known) return { known: form.known, unseen: total };
  const found = new Map(counts.map(({ value, low }) => [value, low]));
  const known = values.map((value) => found.get(value) ?? 0);
  return { known, unseen: total - known.reduce((sum, count) => sum + count, 0) };
};

/** Values that the reference does not have, each with how many rows it has at least. */
export const unseenValues = (form: CategoryForm, { values }: CategoryReference) => {
  const known = new Set(values);
  return categoryCountsFrom(form.unseen)
    .summary()
    .counts.filter(({ value }) => !known.has(value));
};

export const mergeCategories = (a: CategoryForm, b: CategoryForm, reference: CategoryReference | undefined): CategoryForm => ({
  kind: 'category',
  known: reference ? addUp(categoryPlaces(a, reference).known, categoryPlaces(b, reference).known) : null,
  unseen: mergedUnseen(a, b, reference),
  rows: a.rows + b.rows,
  missing: a.missing + b.missing,
  wrong: a.wrong + b.wrong,
});
const mergedUnseen = (a: CategoryForm, b: CategoryForm, reference: CategoryReference | undefined): SketchForm => {
  const values = new Set(reference?.values);
  const [one, other] = [a, b].map(({ unseen, known }) => {
    if (!reference || known) return categoryCountsFrom(unseen);
    const rest = createCategoryCounts({ limit });
    for (const { value, low } of categoryCountsFrom(unseen).summary().counts) if (!values.has(value)) rest.add(value, low);
    return rest;
  });
  return one!.mergedWith(other!).toJSON();
};
