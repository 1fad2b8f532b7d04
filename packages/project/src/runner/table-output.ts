import { access, rename, rm } from 'node:fs/promises';
import { AppError, type PortSpec, invalid } from '@boucle/contract';
import type { TableWriter as RowsWriter } from '@boucle/data';
import { columnsOf } from '../columns.ts';
import type { OnDisk, TableWriter } from '../port.ts';
import { type WholeTable, type WrittenTable, wholeTable } from '../whole-table.ts';

type Row = Record<string, unknown>;
/** A table is written row by row, or as a whole: by SQL, or by another writer's file. The engine is loaded when the first row comes. */
export const createTableOutput = (port: PortSpec, path: string) => {
  let writer: Promise<RowsWriter> | undefined;
  let finished: Promise<WrittenTable> | undefined;

  const openWriter = (): Promise<RowsWriter> => {
    writer ??= import('@boucle/data').then((data) =>
      data.createTableWriter(path, { columns: columnsOf(port.schema).map(({ name, type }) => ({ name, type })) }),
    );
    return writer;
  };
  const forRows = (): Promise<RowsWriter> => {
    if (finished) throw invalid('This table is finished; append before', 'table_finished');
    return openWriter();
  };
  const finish = async (): Promise<WrittenTable> => {
    // Of no rows at all, too, there is a table.
    if (writer || !(await isThere(path))) return (await openWriter()).finish();
    const data = await import('@boucle/data');
    return data.digestTable(path).catch(async (error: unknown) => {
      if (!(error instanceof AppError && error.reason === 'not_a_table')) throw error;
      // Parquet as other languages write it: its rows are new, its types widen to ours.
      await rename(path, `${path}.given`);
      const stored = await data.ingest(`${path}.given`, path, { format: 'parquet' });
      await rm(`${path}.given`);
      return stored;
    });
  };
  const once = (): Promise<WrittenTable> => {
    const result = finished ?? finish();
    finished = result;
    return result;
  };
  const held: TableWriter<Row> & { readonly [wholeTable]: WholeTable } = {
    append: async (rows) => (await forRows()).append(rows),
    appendNew: async (rows) => (await forRows()).appendNew(rows),
    select: async (sql: string, tables: Readonly<Record<string, OnDisk>>) => {
      if (writer) throw invalid('Rows were appended already; select fills a whole table', 'table_mixed');
      const { selectInto } = await import('@boucle/data');
      finished = selectInto(path, sql, Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, table.path])));
      await finished;
    },
    [wholeTable]: {
      path,
      adopt: (table) => {
        finished = Promise.resolve(table);
      },
      finish: once,
    },
  };
  return {
    held,
    finish: async () => {
      const { digest, rows } = await once();
      return { digest, rows };
    },
    abort: async () => {
      if (writer && !finished) await (await writer).abort();
    },
  };
};

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
