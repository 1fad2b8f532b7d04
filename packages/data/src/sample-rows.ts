import { invalid } from '@boucle/contract';
import { listValue } from '@duckdb/node-api';
import { cellType, loadCell } from './cells/cell-type.ts';
import { engineType } from './cells/engine-type.ts';
import { cutValue } from './cut-value.ts';
import { quoteName, withEngine } from './engine.ts';
import { type Bind, openStored, query } from './stored-table.ts';

type Row = Record<string, unknown>;

export interface RowPage {
  readonly offset: number;
  readonly limit: number;
  /** Longer values are cut to so many characters. */
  readonly cells?: number | undefined;
}

/** Rows of a stored table in the order of the file, ready for JSON: integers beyond 2⁵³ and NaN are text, times ISO 8601. */
export const sampleRows = async (path: string, { offset, limit, cells }: RowPage): Promise<Row[]> => {
  for (const number of [offset, limit])
    if (!Number.isSafeInteger(number) || number < 0) throw invalid('Offset and limit have to be whole numbers from 0', 'bad_page');
  const rows = await readJson(path, () => `LIMIT ${limit} OFFSET ${offset}`);
  if (cells === undefined) return rows;
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, name === '_row' ? value : cutValue(value, cells)])),
  );
};

/** Rows by identity, in the order asked for; those that are not there are left out. */
export const findRows = async (path: string, rows: readonly string[]): Promise<Row[]> => {
  const texts = engineType({ type: 'list', item: { type: 'text' } });
  const found = await readJson(path, (bind) => `WHERE list_contains(${bind(listValue(rows), texts)}, _row)`);
  const place = new Map(rows.map((id, i) => [id, i]));
  return found.sort((a, b) => (place.get(String(a['_row'])) ?? 0) - (place.get(String(b['_row'])) ?? 0));
};

const readJson = (path: string, rest: (bind: Bind) => string): Promise<Row[]> =>
  withEngine(async (connection) => {
    const table = await openStored(connection, path);
    const columns = table.schema.columns.map(({ name, type }) => ({ name, type: cellType(type) }));
    const names = ['_row', ...columns.map(({ name }) => name)].map(quoteName).join(', ');
    const found = await query(table, (bind) => `SELECT ${names} FROM ${table.from} ${rest(bind)}`);
    return found.map(([id, ...values]) => {
      const shown = columns.map(({ name, type }, i) => {
        const cell = loadCell(type, values[i] ?? null);
        return [name, cell === null ? null : type.json(cell)];
      });
      return { _row: id, ...Object.fromEntries(shown) };
    });
  });
