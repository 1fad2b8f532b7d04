import type { Column } from '@boucle/contract';
import type { Cell } from '../cells/cell.ts';
import { createRowEncoder } from '../identity/canonical-row.ts';
import { sha256 } from '../identity/sha256.ts';

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
  for (const key of combinations(columns.length)) {
    if (key.length >= columns.length || tried++ > tries) break;
    if (rows.every((row) => isNamedBy(columns, key, row))) return key.map((at) => columns[at]?.name ?? '');
  }
  return [];
};

const isNamedBy = (columns: readonly Column[], key: readonly number[], { id, cells }: NamedRow): boolean => {
  const encoder = createRowEncoder(key.map((at) => columns[at]?.type ?? { type: 'text' }));
  return id.startsWith(sha256(encoder.encode(key.map((at) => cells[at] ?? null))).toString('hex', 0, 16));
};

/** Places in every order, since a key's columns have one: all of one, then all of two, and so on. */
function* combinations(count: number, size = 1): Generator<number[]> {
  if (size > count) return;
  yield* ordered(count, size);
  yield* combinations(count, size + 1);
}
function* ordered(count: number, size: number): Generator<number[]> {
  if (size === 0) yield [];
  else for (const rest of ordered(count, size - 1)) for (let at = 0; at < count; at++) if (!rest.includes(at)) yield [...rest, at];
}
