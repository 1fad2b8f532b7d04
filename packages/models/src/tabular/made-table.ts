import { createRandom } from '@boucle/statistics';
import type { TableColumns } from './table-columns.ts';

export interface MadeTable {
  readonly columns: TableColumns;
  readonly label: readonly string[];
  readonly number: readonly number[];
}

/** A table for tests, with all kinds of columns and values missing in each, on which a label and a number depend. */
export const makeTable = ({ rows, seed, labels = 2 }: { rows: number; seed: number; labels?: number }): MadeTable => {
  const random = createRandom(seed);
  const orMissing = <T>(value: T): T | null => (random.uniform() < 0.1 ? null : value);
  const each = <T>(draw: (row: number) => T): T[] => Array.from({ length: rows }, (_, row) => draw(row));
  const size = each(() => orMissing(4 * random.uniform() - 2));
  const count = each(() => orMissing(Math.floor(7 * random.uniform())));
  const member = each(() => orMissing(random.uniform() < 0.4));
  const town = each(() => orMissing(`town ${Math.floor(9 * random.uniform())}`));
  const number = each(
    (row) => (size[row] ?? 1) * (member[row] ? 2 : 1) + (count[row] ?? 3) / 3 + (town[row] === 'town 3' ? 2 : 0) + random.uniform() / 2,
  );
  const ordered = number.toSorted((a, b) => a - b);
  const label = number.map((value) => `label ${Math.floor((ordered.findIndex((other) => other >= value) * labels) / rows)}`);
  return { columns: { size, 'the count': count, member, town }, label, number };
};
