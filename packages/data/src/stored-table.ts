import { AppError, type TableSchema } from '@boucle/contract';
import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { access } from 'node:fs/promises';
import type { Cell } from './cells/cell.ts';
import { cellType, loadCell } from './cells/cell-type.ts';
import { logicalType } from './cells/engine-type.ts';
import { textCell } from './cells/texts.ts';
import { findColumn } from './column-names.ts';
import { parquetTable, quoteName } from './engine.ts';

/** Puts a value beside the SQL and gives the `$n` that stands for it. */
export type Bind = (value: DuckDBValue, type: DuckDBType) => string;

/** A stored table, and the engine that reads it. */
export interface StoredTable {
  readonly connection: DuckDBConnection;
  /** What stands after FROM. */
  readonly from: string;
  readonly schema: TableSchema;
  readonly rows: number;
}

export const openStored = async (connection: DuckDBConnection, path: string): Promise<StoredTable> => {
  await access(path).catch((cause: unknown) => {
    throw new AppError('not_found', `The table ${path} is not there`, { reason: 'table_missing', cause });
  });
  const from = parquetTable(path);
  const head = await connection.run(`SELECT * FROM ${from} LIMIT 0`).catch((cause: unknown) => {
    throw new AppError('invalid_request', `${path} is not a readable Parquet file`, { reason: 'not_parquet', cause });
  });
  const all = head.columnNames().map((name, i) => ({ name, type: logicalType(head.columnType(i)) }));
  const columns = all.flatMap(({ name, type }) => (type && name !== '_row' ? [{ name, type }] : []));
  if (columns.length + 1 !== all.length) {
    throw new AppError('invalid_request', `${path} is no stored table: it needs _row and columns of our types; ingest it first`, {
      reason: 'not_a_table',
    });
  }
  const counted = await connection.run(`SELECT count(*)::INTEGER FROM ${from}`);
  return { connection, from, schema: { columns }, rows: Number((await counted.getRows())[0]?.[0] ?? 0) };
};

/** Cells column by column, a piece of the table at a time, in the order of the file; `_row` is the first column. */
export async function* readCells(
  { connection, from, schema }: StoredTable,
  columns = schema.columns.map(({ name }) => name),
): AsyncGenerator<Cell[][]> {
  const types = columns.map((name) => cellType(findColumn(schema.columns, name).type));
  const result = await connection.stream(`SELECT ${['_row', ...columns].map(quoteName).join(', ')} FROM ${from}`);
  for await (const chunk of result) {
    yield chunk.getColumns().map((values, i) => {
      const type = types[i - 1] ?? textCell;
      return values.map((value) => loadCell(type, value));
    });
  }
}

/** The rows of a query that is written around its values. */
export const query = async ({ connection }: StoredTable, write: (bind: Bind) => string): Promise<DuckDBValue[][]> => {
  const [values, types]: [DuckDBValue[], DuckDBType[]] = [[], []];
  const sql = write((value, type) => {
    types.push(type);
    return `$${values.push(value)}`;
  });
  return (await connection.run(sql, values, types)).getRows();
};
