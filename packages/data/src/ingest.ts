import { AppError, type ColumnProfile, invalid, type RowsDigest, type TableSchema } from '@boucle/contract';
import { stat } from 'node:fs/promises';
import { normalType } from './cells/logical-type.ts';
import { closedValues } from './closed-values.ts';
import { findColumn } from './column-names.ts';
import { openJsonLines } from './formats/json-lines-source.ts';
import { openParquet } from './formats/parquet-source.ts';
import type { Encoding } from './formats/read-text.ts';
import { RowIssues } from './formats/row-issues.ts';
import { type Format, sniffFormat } from './formats/sniff-format.ts';
import type { Source, Wanted } from './formats/source.ts';
import { openText } from './formats/text-source.ts';
import { type Declared, type DeclaredColumn, planColumns } from './plan-columns.ts';
import { profileTable } from './profile-table.ts';
import { createTableBuilder, type TableBuilder } from './table-builder.ts';

export interface IngestOptions {
  /** Found out from the bytes unless said. */
  readonly format?: Format;
  /** Of a text; `utf-8` unless said, and never guessed. */
  readonly encoding?: Encoding;
  /** Without it, all columns are kept and their types inferred from all rows. */
  readonly declared?: Declared;
  /** Columns that name a row. */
  readonly key?: readonly string[];
  readonly limits?: { readonly fieldBytes?: number; readonly columns?: number };
}

export interface Ingested {
  readonly schema: TableSchema;
  readonly rows: number;
  readonly digest: RowsDigest;
  readonly key: readonly string[];
  /** Rows whose key was seen before. */
  readonly repeatedKeys: number;
  readonly columns: ColumnProfile[];
  /** Size of what was sent. */
  readonly bytes: number;
}

/** From a file that somebody sent to a stored table. A file with bad rows is refused whole, naming the first twenty. */
export const ingest = async (
  source: string,
  target: string,
  options: IngestOptions = {},
  progress?: (rows: number) => void,
): Promise<Ingested> => {
  const { key = [] } = options;
  const bytes = await sizeOf(source);
  const file = await openSource(source, options);
  try {
    const issues = new RowIssues(file.unit);
    const wanted = await settleTypes(file, issues, options.declared);
    for (const name of key) findColumn(wanted, name);
    const builder = await createTableBuilder(target, wanted, key);
    const table = await fill(builder, { file, wanted, issues, progress }).catch((error: unknown) => {
      builder.abort();
      throw error;
    });
    const { schema, rows, digest, repeated } = table;
    return { schema, rows, digest, key, repeatedKeys: key.length > 0 ? repeated : 0, columns: await profileTable(target), bytes };
  } finally {
    file.close();
  }
};

const sizeOf = async (path: string): Promise<number> => {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw new AppError('not_found', `The file ${path} is not there`, { reason: 'file_missing', cause });
  });
  if (size === 0) throw invalid('The file is empty: send one with the names of its columns in the first line, and rows', 'empty_file');
  return size;
};

const openSource = async (path: string, { format: said, encoding = 'utf-8', limits = {} }: IngestOptions): Promise<Source> => {
  const { fieldBytes = 16 * 1024 * 1024, columns = 10_000 } = limits;
  const { format, delimiter } = await sniffFormat(path, said);
  if (format === 'parquet') return openParquet(path, columns);
  if (format === 'jsonl') return openJsonLines(path, { lineBytes: fieldBytes, columns });
  return openText(path, { delimiter, encoding, fieldBytes, columns });
};

type ClosedColumn = Wanted & Pick<DeclaredColumn, 'values'>;

const settleTypes = async (file: Source, issues: RowIssues, declared: Declared | undefined): Promise<ClosedColumn[]> => {
  const planned = planColumns(file.names, declared);
  const open = planned.filter(({ type }) => type === undefined).map(({ at }) => at);
  const found = open.length > 0 ? await file.types(open, issues) : [];
  return planned.map(({ type, ...column }) => ({
    ...column,
    type: normalType(type ?? found[open.indexOf(column.at)] ?? { type: 'text' }),
  }));
};

interface Filling {
  readonly file: Source;
  readonly wanted: readonly ClosedColumn[];
  readonly issues: RowIssues;
  readonly progress: ((rows: number) => void) | undefined;
}

const fill = async (builder: TableBuilder, { file, wanted, issues, progress }: Filling) => {
  const checkValues = closedValues(wanted, issues);
  let rows = 0;
  await file.rows(wanted, issues, (cells, line) => {
    checkValues(cells, line);
    builder.add(cells);
    if (++rows % 10_000 === 0) progress?.(rows);
  });
  issues.refuse();
  if (rows === 0) throw invalid('The file has a header and no rows: send one with rows', 'no_rows');
  progress?.(rows);
  return builder.finish();
};
