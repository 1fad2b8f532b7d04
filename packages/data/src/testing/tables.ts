import type { Column, LogicalType } from '@boucle/contract';
import { withEngine, quoteText } from '../engine.ts';
import { openTable } from '../table-file.ts';
import { createTableWriter } from '../table-writer.ts';
import type { WrittenTable } from '../table-builder.ts';

type Row = Record<string, unknown>;

/** `columns({ id: 'int', text: 'text' })`. */
export const columns = (types: Readonly<Record<string, LogicalType['type'] | LogicalType>>): Column[] =>
  Object.entries(types).map(([name, type]) => ({ name, type: typeof type === 'string' ? { type } : type }));

export const writeNew = async (path: string, types: readonly Column[], rows: readonly Row[]): Promise<WrittenTable> => {
  const writer = await createTableWriter(path, { columns: types });
  await writer.appendNew(rows);
  return writer.finish();
};

export const readAll = async (path: string): Promise<Row[]> => {
  const table = await openTable(path);
  const rows: Row[] = [];
  for await (const batch of table.batches()) rows.push(...batch);
  await table.close();
  return rows;
};

/** Fields as RFC 4180 has them: null is nothing, '' two quotes. */
export const csv = (rows: readonly (readonly (string | null)[])[], { delimiter = ',', newline = '\n' } = {}): string =>
  rows.map((row) => row.map((field) => (field === null ? '' : quote(field, delimiter))).join(delimiter) + newline).join('');

const quote = (field: string, delimiter: string): string =>
  field === '' || /["\r\n]/.test(field) || field.includes(delimiter) ? `"${field.replaceAll('"', '""')}"` : field;

/** A Parquet file that another writer might have made. */
export const foreignParquet = (path: string, select: string, { threads = 1, rowGroup = 122_880 } = {}): Promise<string> =>
  withEngine(
    async (connection) => {
      await connection.run(`COPY (${select}) TO ${quoteText(path)} (FORMAT parquet, ROW_GROUP_SIZE ${rowGroup})`);
      return path;
    },
    { threads },
  );
