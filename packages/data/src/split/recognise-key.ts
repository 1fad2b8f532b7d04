import type { Column } from '@boucle/contract';
import type { Cell } from '../cells/cell.ts';
import { rowHasher } from '../identity/row-hasher.ts';

export interface NamedRow {
  readonly id: string;
  readonly cells: readonly Cell[];
}

/** Combinations that are tried: enough for a key of two among 99 columns. */
const tries = 10_000;

/**
 * The columns whose hash `_row` is, where they are still in the table: shorter keys first. Rows that are named by their content have none,
 * and neither has a table that is all key.
 */
export const recogniseKey = (columns: readonly Column[], rows: readonly NamedRow[]): string[] => {
  if (rows.length === 0) return [];
  let tried = 0;
  for (const key of combinations(columns.map(({ name }) => name))) {
    if (key.length >= columns.length || tried++ > tries) break;
    if (rows.every((row) => isNamedBy(columns, key, row))) return key;
  }
  return [];
};

const isNamedBy = (columns: readonly Column[], key: readonly string[], { id, cells }: NamedRow): boolean =>
  id.startsWith(rowHasher(columns, key)(cells).toString('hex', 0, 16));

/** Names in every order, since a key's columns have one: all of one, then all of two, and so on. */
function* combinations(names: readonly string[], size = 1): Generator<string[]> {
  if (size > names.length) return;
  yield* ordered(names, size);
  yield* combinations(names, size + 1);
}
function* ordered(names: readonly string[], size: number): Generator<string[]> {
  if (size === 0) yield [];
  else for (const rest of ordered(names, size - 1)) for (const name of names) if (!rest.includes(name)) yield [...rest, name];
}
