import { invalid } from '@boucle/contract';
import { type DuckDBConnection, listValue } from '@duckdb/node-api';
import { cellType } from './cells/cell-type.ts';
import { engineType } from './cells/engine-type.ts';
import { parquetTable, withEngine } from './engine.ts';
import { describeTable } from './table-file.ts';

type Row = Record<string, unknown>;

/** Rows of a stored table in the order of the file, ready for JSON: integers beyond 2⁵³ and NaN are text, times ISO 8601. */
export const sampleRows = (path: string, { offset, limit }: { offset: number; limit: number }): Promise<Row[]> => {
  for (const number of [offset, limit])
    if (!Number.isSafeInteger(number) || number < 0) throw invalid('Offset and limit have to be whole numbers from 0', 'bad_page');
  return withEngine((connection) => readJson(connection, path, `LIMIT ${limit} OFFSET ${offset}`));
};

/** Rows by identity, in the order asked for; those that are not there are left out. */
export const findRows = (path: string, rows: readonly string[]): Promise<Row[]> =>
  withEngine(async (connection) => {
    const found = await readJson(connection, path, 'WHERE list_contains($1, _row)', rows);
    const place = new Map(rows.map((id, i) => [id, i]));
    return found.sort((a, b) => (place.get(String(a['_row'])) ?? 0) - (place.get(String(b['_row'])) ?? 0));
  });

const readJson = async (connection: DuckDBConnection, path: string, rest: string, ids?: readonly string[]): Promise<Row[]> => {
  const { schema } = await describeTable(connection, path);
  const types = new Map(schema.columns.map(({ name, type }) => [name, cellType(type)]));
  const sql = `SELECT * FROM ${parquetTable(path)} ${rest}`;
  const result = await (ids
    ? connection.run(sql, [listValue(ids)], [engineType({ type: 'list', item: { type: 'text' } })])
    : connection.run(sql));
  const names = result.columnNames();
  return (await result.getRows()).map((values) =>
    Object.fromEntries(
      values.map((value, i) => {
        const name = names[i] ?? '';
        const type = types.get(name);
        const cell = value === null || !type ? undefined : type.load(value);
        return [name, name === '_row' ? value : type && cell !== undefined ? type.json(cell) : null];
      }),
    ),
  );
};
