import { AppError, invalid } from '@boucle/contract';
import type { Cell } from '../cells/cell.ts';
import { cellType } from '../cells/cell-type.ts';
import { checkNames } from '../column-names.ts';
import { CsvParser, type Field } from './csv-parser.ts';
import { TypeInference } from './infer-type.ts';
import { type Encoding, readText } from './read-text.ts';
import { showValue } from '../show-value.ts';
import type { RowIssues } from './row-issues.ts';
import type { Source } from './source.ts';

export interface TextOptions {
  readonly delimiter: string;
  readonly encoding: Encoding;
  readonly fieldBytes: number;
  readonly columns: number;
}

/** CSV and TSV. Read once where all types are declared, twice where some have to be inferred. */
export const openText = async (path: string, options: TextOptions): Promise<Source> => {
  const names = await readHeader(path, options);
  const eachRow = (issues: RowIssues, onRow: (fields: Field[], line: number) => void): Promise<void> =>
    scan(path, { ...options, names }, (fields, line, isHeader) => {
      if (isHeader) return;
      if (fields.length === names.length) onRow(fields, line);
      // A blank line is no row, but where there is one column it is a missing value.
      else if (fields.length > 1 || fields[0] !== null)
        issues.add({ line, reason: 'ragged_row', problem: `has ${count(fields.length)} where the first line has ${names.length}` });
    });

  return {
    unit: 'Line',
    names,
    types: async (places, issues) => {
      const columns = places.map((at) => ({ at, inference: new TypeInference() }));
      await eachRow(issues, (fields) => {
        for (const { at, inference } of columns) {
          const field = fields[at];
          if (field !== null && field !== undefined) inference.see(field);
        }
      });
      issues.refuse();
      return columns.map(({ inference }) => inference.type);
    },
    rows: async (wanted, issues, onRow) => {
      const read = wanted.map((column) => ({ ...column, cell: cellType(column.type) }));
      const cellOf = ({ name, at, cell }: (typeof read)[number], fields: Field[], line: number): Cell | undefined => {
        const field = fields[at] ?? null;
        const value = field === null ? null : cell.parse(field);
        if (value === undefined)
          issues.add({ line, column: name, reason: 'value_misfit', problem: `${showValue(field ?? '')} is not ${cell.noun}` });
        return value;
      };
      await eachRow(issues, (fields, line) => {
        const cells: Cell[] = [];
        for (const column of read) {
          const cell = cellOf(column, fields, line);
          if (cell !== undefined) cells.push(cell);
        }
        if (cells.length === read.length) onRow(cells, line);
      });
    },
    close: () => {},
  };
};

const count = (fields: number): string => (fields === 1 ? '1 field' : `${fields} fields`);

const readHeader = async (path: string, options: TextOptions): Promise<string[]> => {
  let header: Field[] | undefined;
  await scan(path, { ...options, isEnough: () => header !== undefined }, (fields) => {
    header ??= fields;
  });
  if (!header || (header.length === 1 && header[0] === null))
    throw invalid('The file has no first line with the names of its columns: write them there', 'empty_file', { line: 1 });
  return checkNames(header);
};

interface Scan extends TextOptions {
  /** For messages. */
  readonly names?: readonly string[];
  isEnough?(): boolean;
}
type OnRow = (fields: Field[], line: number, isHeader: boolean) => void;

const scan = async (path: string, options: Scan, onRow: OnRow): Promise<void> => {
  let isHeader = true;
  const parser = new CsvParser({
    delimiter: options.delimiter,
    fieldBytes: options.fieldBytes,
    fields: options.columns,
    onRow: (fields, line) => {
      onRow(fields, line, isHeader);
      isHeader = false;
    },
  });
  for await (const { text, invalid: byte } of readText(path, options.encoding)) {
    parser.push(text);
    if (options.isEnough?.()) return;
    if (byte !== undefined) throw badEncoding(byte, parser.position, options.names ?? []);
  }
  parser.end();
};

const badEncoding = (byte: number, { line, field }: { line: number; field: number }, names: readonly string[]): AppError => {
  const column = names[field - 1];
  const place = column === undefined ? `field ${field}` : `column "${column}"`;
  return invalid(
    `Line ${line}, ${place}: byte 0x${byte.toString(16)} is not UTF-8; if the file is Latin-1, say encoding latin1, else save it as UTF-8`,
    'wrong_encoding',
    { line, column: column ?? null },
  );
};
