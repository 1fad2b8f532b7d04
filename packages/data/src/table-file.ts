import { AppError, type TableSchema } from '@boucle/contract';
import type { DuckDBConnection } from '@duckdb/node-api';
import { access } from 'node:fs/promises';
import type { Cell } from './cells/cell.ts';
import { cellType, loadCell } from './cells/cell-type.ts';
import { logicalType } from './cells/engine-type.ts';
import { textCell } from './cells/texts.ts';
import { findColumn } from './column-names.ts';
import { openEngine, parquetTable, quoteName } from './engine.ts';

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
  const { connection, close } = await openEngine();
  try {
    const { schema, rows } = await describeTable(connection, path);
    return {
      path,
      schema,
      rows,
      batches: (size = 1024, columns = schema.columns.map(({ name }) => name)) => presentRows(connection, path, schema, size, columns),
      close: async () => close(),
    };
  } catch (error) {
    close();
    throw error;
  }
};

/** Schema and length of a stored table. */
export const describeTable = async (connection: DuckDBConnection, path: string): Promise<{ schema: TableSchema; rows: number }> => {
  await access(path).catch((cause: unknown) => {
    throw new AppError('not_found', `The table ${path} is not there`, { reason: 'table_missing', cause });
  });
  const result = await connection.run(`SELECT * FROM ${parquetTable(path)} LIMIT 0`).catch((cause: unknown) => {
    throw new AppError('invalid_request', `${path} is not a readable Parquet file`, { reason: 'not_parquet', cause });
  });
  const all = result.columnNames().map((name, i) => ({ name, type: logicalType(result.columnType(i)) }));
  const columns = all.flatMap(({ name, type }) => (type && name !== '_row' ? [{ name, type }] : []));
  if (columns.length + 1 !== all.length) {
    throw new AppError('invalid_request', `${path} is not a stored table: it needs _row and columns of our types; ingest it first`, {
      reason: 'not_a_table',
    });
  }
  const counted = await connection.run(`SELECT count(*)::INTEGER FROM ${parquetTable(path)}`);
  return { schema: { columns }, rows: Number((await counted.getRows())[0]?.[0] ?? 0) };
};

/** Cells of a stored table, column by column, in the order of the file; `_row` is the first column. */
export async function* readCells(
  connection: DuckDBConnection,
  path: string,
  schema: TableSchema,
  columns: readonly string[],
): AsyncGenerator<Cell[][]> {
  const types = columns.map((name) => cellType(findColumn(schema.columns, name).type));
  const result = await connection.stream(`SELECT ${['_row', ...columns].map(quoteName).join(', ')} FROM ${parquetTable(path)}`);
  for await (const chunk of result) {
    yield chunk.getColumns().map((values, i) => {
      const type = types[i - 1] ?? textCell;
      return values.map((value) => loadCell(type, value));
    });
  }
}

async function* presentRows(
  connection: DuckDBConnection,
  path: string,
  schema: TableSchema,
  size: number,
  columns: readonly string[],
): AsyncGenerator<Record<string, unknown>[]> {
  const types = columns.map((name) => cellType(findColumn(schema.columns, name).type));
  let batch: Record<string, unknown>[] = [];
  for await (const [ids = [], ...cells] of readCells(connection, path, schema, columns)) {
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
