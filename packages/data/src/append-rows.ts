import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Cell } from './cells/cell.ts';
import { cellType } from './cells/cell-type.ts';
import { findColumn } from './column-names.ts';
import { withEngine } from './engine.ts';
import { rowHasher } from './identity/row-hasher.ts';
import type { Ingested } from './ingest.ts';
import { profileTable } from './profile-table.ts';
import { showValue } from './show-value.ts';
import { openStored, readCells } from './stored-table.ts';
import { createTableBuilder } from './table-builder.ts';

export interface AppendOptions {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** Columns that name a row. A row whose name is there already is not taken. */
  readonly key: readonly string[];
  /** Neither is one that says the same in these columns as a row that is there, or that came before it. */
  readonly unlike: readonly string[];
  /** What columns may hold, where that is declared. */
  readonly values?: Readonly<Record<string, readonly unknown[]>>;
}
export interface Appended extends Omit<Ingested, 'bytes'> {
  readonly bytes: number;
  readonly added: number;
  /** Places of rows that were not taken, and why. */
  readonly refused: { readonly row: number; readonly reason: 'known' | 'misfit'; readonly message: string }[];
}

/**
 * A table with more rows at its end, as a table of its own. Rows that were there keep their identity and their order. One pass over the
 * table; of what is new, all is held.
 */
export const appendRows = (base: string, target: string, { rows, key, unlike, values = {} }: AppendOptions): Promise<Appended> =>
  withEngine(
    async (connection) => {
      const table = await openStored(connection, base);
      const { columns } = table.schema;
      for (const name of [...key, ...unlike]) findColumn(columns, name);
      const fields = columns.map(({ name, type }) => ({ name, type: cellType(type), allowed: values[name] }));
      const refused: Appended['refused'] = [];
      const refuse = (row: number, reason: 'known' | 'misfit', message: string): void => void refused.push({ row, reason, message });

      const fresh = new Map<number, Cell[]>();
      for (const [i, row] of rows.entries()) {
        const cells = cellsOf(fields, row);
        if (typeof cells === 'string') refuse(i, 'misfit', cells);
        else fresh.set(i, cells);
      }
      const hashers = [key, unlike].filter((names) => names.length > 0).map((names) => rowHasher(columns, names));
      const seen = hashers.map((hash) => {
        const places = new Map<string, number[]>();
        for (const [i, cells] of fresh) {
          const name = hash(cells).toString('base64');
          places.set(name, [...(places.get(name) ?? []), i]);
        }
        return { hash, places };
      });
      const drop = (i: number): void => {
        if (fresh.delete(i)) refuse(i, 'known', 'A row with the same name, or the same inputs, is there already');
      };
      for (const { places } of seen) for (const [, ...again] of places.values()) again.forEach(drop);

      const builder = await createTableBuilder(target, columns, key);
      try {
        for await (const [ids = [], ...batch] of readCells(table)) {
          for (let r = 0; r < ids.length; r++) {
            const cells = batch.map((column) => column[r] ?? null);
            builder.add(cells);
            for (const { hash, places } of seen) places.get(hash(cells).toString('base64'))?.forEach(drop);
          }
        }
        for (const cells of fresh.values()) builder.add(cells);
      } catch (error) {
        builder.abort();
        throw error;
      }
      const { schema, rows: written, digest, repeated } = await builder.finish();
      return {
        schema,
        rows: written,
        digest,
        key,
        repeatedKeys: key.length > 0 ? repeated : 0,
        columns: await profileTable(target),
        bytes: (await stat(target)).size,
        added: fresh.size,
        refused: refused.sort((a, b) => a.row - b.row),
      };
    },
    { scratch: dirname(target) },
  );

interface Field {
  readonly name: string;
  readonly type: ReturnType<typeof cellType>;
  readonly allowed: readonly unknown[] | undefined;
}

/** The row as the table holds it, or what does not fit. */
const cellsOf = (fields: readonly Field[], row: Readonly<Record<string, unknown>>): Cell[] | string => {
  const cells: Cell[] = [];
  for (const { name, type, allowed } of fields) {
    const value = row[name] ?? null;
    const cell = value === null ? null : type.accept(value);
    if (cell === undefined) return `Column "${name}": ${showValue(value)} is not ${type.noun}`;
    if (cell !== null && allowed && !allowed.some((one) => type.accept(one) === cell))
      return `Column "${name}": ${showValue(value)} is not one of ${allowed.map(String).join(', ')}`;
    cells.push(cell);
  }
  return cells;
};
