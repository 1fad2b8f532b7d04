import { access } from 'node:fs/promises';
import { type PortSpec, type RowsDigest, invalid } from '@boucle/contract';
import type { TableWriter as RowsWriter } from '@boucle/data';
import { columnsOf } from '../columns.ts';
import type { OnDisk, TableWriter } from '../port.ts';
import { type WholeTable, wholeTable } from '../whole-table.ts';

type Row = Record<string, unknown>;
interface WrittenTable {
  readonly digest: RowsDigest;
  readonly rows: number;
}

/** A table is written row by row, or as a whole: by SQL, or by another writer's file. The engine is loaded when the first row comes. */
export const createTableOutput = (port: PortSpec, path: string) => {
  let writer: Promise<RowsWriter> | undefined;
  let finished: Promise<WrittenTable> | undefined;

  const rowsWriter = async (): Promise<RowsWriter> => {
    if (finished) throw invalid('This table is finished; append before', 'table_finished');
    writer ??= import('@boucle/data').then((data) =>
      data.createTableWriter(path, { columns: columnsOf(port.schema).map(({ name, type }) => ({ name, type })) }),
    );
    return writer;
  };
  const finish = async (): Promise<WrittenTable> => {
    const whole =
      !writer &&
      (await access(path).then(
        () => true,
        () => false,
      ));
    if (!whole) return (await rowsWriter()).finish();
    const { digestTable } = await import('@boucle/data');
    return digestTable(path);
  };
  const once = (): Promise<WrittenTable> => {
    const result = finished ?? finish();
    finished = result;
    return result;
  };
  const held: TableWriter<Row> & { readonly [wholeTable]: WholeTable } = {
    append: async (rows) => (await rowsWriter()).append(rows),
    appendNew: async (rows) => (await rowsWriter()).appendNew(rows),
    select: async (sql: string, tables: Readonly<Record<string, OnDisk>>) => {
      if (writer) throw invalid('Rows were appended already; select fills a whole table', 'table_mixed');
      const { selectInto } = await import('@boucle/data');
      await selectInto(path, sql, Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, table.path])));
    },
    [wholeTable]: { path, finish: once },
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
