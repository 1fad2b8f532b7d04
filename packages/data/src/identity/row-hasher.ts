import type { Column } from '@boucle/contract';
import type { Cell } from '../cells/cell.ts';
import { createRowEncoder } from './canonical-row.ts';
import { sha256 } from './sha256.ts';

/** The hash of what stands in some columns of a row, in the order in which they are named. */
export const rowHasher = (columns: readonly Column[], names: readonly string[]): ((cells: readonly Cell[]) => Buffer) => {
  const places = names.map((name) => columns.findIndex((column) => column.name === name));
  const encoder = createRowEncoder(places.map((at) => columns[at]?.type ?? { type: 'text' }));
  return (cells) => sha256(encoder.encode(places.map((at) => cells[at] ?? null)));
};
