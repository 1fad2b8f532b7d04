import type { TableSchema } from '@boucle/contract';
import { cellType } from './cells/cell-type.ts';
import { findColumn } from './column-names.ts';
import { openEngine } from './engine.ts';
import { openStored, readCells, type StoredTable } from './stored-table.ts';

/** A stored table: Parquet with its columns and the text column `_row`, read in the order of the file. */
export interface TableFile {
  readonly path: string;
  /** Without `_row`. */
  readonly schema: TableSchema;
  readonly rows: number;
  /**
   * Rows as objects with `_row`, `size` at a time. An int beyond 2⁵³ is a bigint; decimals, dates and times are ISO text; bytes a Uint8Array.
   * `columns` leaves the others unread.
   */
  batches(size?: number, columns?: readonly string[]): AsyncIterable<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
}

export const openTable = async (path: string): Promise<TableFile> => {
  const engine = await openEngine();
  try {
    const table = await openStored(engine.connection, path);
    const { schema, rows } = table;
    return {
      path,
      schema,
      rows,
      batches: async function* (size = 1024, columns = schema.columns.map(({ name }) => name)) {
        const connection = await engine.connect();
        try {
          yield* presentRows({ ...table, connection }, size, columns);
        } finally {
          connection.closeSync();
        }
      },
      close: async () => engine.close(),
    };
  } catch (error) {
    engine.close();
    throw error;
  }
};

async function* presentRows(table: StoredTable, size: number, columns: readonly string[]): AsyncGenerator<Record<string, unknown>[]> {
  const types = columns.map((name) => cellType(findColumn(table.schema.columns, name).type));
  let batch: Record<string, unknown>[] = [];
  for await (const [ids = [], ...cells] of readCells(table, [...columns])) {
    for (let r = 0; r < ids.length; r++) {
      const row: Record<string, unknown> = { _row: ids[r] };
      columns.forEach((name, c) => {
        const cell = cells[c]?.[r] ?? null;
        row[name] = cell === null ? null : types[c]?.present(cell);
      });
      if (batch.push(row) < size) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
