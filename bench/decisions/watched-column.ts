import type { ColumnReference } from '../../packages/server/src/monitoring/columns/column-reference.ts';
import { createCategories } from '../../packages/server/src/monitoring/columns/category-counts.ts';
import { createNumberCounts } from '../../packages/server/src/monitoring/columns/number-counts.ts';
import { compare } from '../../packages/server/src/monitoring/judge/cells.ts';
import { compareCells } from '../../packages/server/src/monitoring/judge/compare-cells.ts';
import { categoryReference, numberReference } from '../../packages/server/src/monitoring/reference/collect-column.ts';
import type { Law, Pair } from './samples.ts';

const known = { source: 'training', missing: 0 } as const;

/** As it is made of the rows that a model was trained on. */
export const referenceOf = ({ kind }: Pick<Law, 'kind'>, values: readonly number[]): ColumnReference => {
  if (kind === 'num') return numberReference(Float64Array.from(values), known);
  const counts = new Map<string, number>();
  for (const value of values) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  return categoryReference(counts, known);
};

/** As a window is judged: counted as predictions come, over the reference's cells, by the shipped test; the p value, or none. */
export const pValueOf = (pair: Pair, alpha: number): number | undefined => {
  const reference = referenceOf(pair, pair.reference);
  if (reference.kind === 'text') throw new Error('There are no texts here');
  const counts = reference.kind === 'number' ? createNumberCounts(reference) : createCategories(reference);
  for (const value of pair.current) counts.add(pair.kind === 'num' ? value : String(value));
  const [compared] = compare(counts.form(), reference, '');
  const found = compareCells(compared!.cells, { alpha, family: 1 });
  return typeof found === 'string' ? undefined : found.pValue;
};
