import { invalid, type LogicalType } from '@boucle/contract';
import type { Cell } from '../cells/cell.ts';
import { cellType } from '../cells/cell-type.ts';
import { checkNames } from '../column-names.ts';
import { showValue } from '../show-value.ts';
import { TypeInference } from './infer-type.ts';
import { readText } from './read-text.ts';
import { RowIssues } from './row-issues.ts';
import type { Source } from './source.ts';

type Row = Readonly<Record<string, unknown>>;

/**
 * JSON Lines: an object a line, and a column for each key that any of them has. Texts stay texts, dates and times aside; what is nested
 * becomes its JSON, unless a type is declared.
 */
export const openJsonLines = async (path: string, limits: { lineBytes: number; columns: number }): Promise<Source> => {
  const names = await readKeys(path, limits);
  return {
    unit: 'Line',
    names,
    types: async (places, issues) => {
      const columns = places.map((at) => ({ name: names[at] ?? '', kinds: new Set<LogicalType['type']>(), texts: new TypeInference() }));
      await eachRow(path, limits.lineBytes, issues, (row) => {
        for (const { name, kinds, texts } of columns) {
          const value = valueOf(row, name);
          if (value === null) continue;
          kinds.add(kindOf(value));
          if (typeof value === 'string') texts.see(value);
        }
      });
      issues.refuse();
      return columns.map(({ kinds, texts }) => ({ type: typeOf(kinds, texts) }));
    },
    rows: async (wanted, issues, onRow) => {
      const read = wanted.map(({ name, at, type }) => ({ name, key: names[at], type, cell: cellType(type) }));
      await eachRow(path, limits.lineBytes, issues, (row, line) => {
        const cells: Cell[] = [];
        for (const { name, key, type, cell } of read) {
          const value = key === undefined ? null : valueOf(row, key);
          const taken = value === null ? null : cell.accept(type.type === 'text' && typeof value !== 'string' ? jsonOf(value) : value);
          if (taken === undefined)
            issues.add({ line, column: name, reason: 'value_misfit', problem: `${showValue(value)} is not ${cell.noun}` });
          else cells.push(taken);
        }
        if (cells.length === read.length) onRow(cells, line);
      });
    },
    close: () => {},
  };
};

const valueOf = (row: Row, name: string): unknown => (Object.hasOwn(row, name) ? (row[name] ?? null) : null);
const jsonOf = (value: unknown): string => (typeof value === 'bigint' ? String(value) : JSON.stringify(value));

const kindOf = (value: unknown): LogicalType['type'] => {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'int' : 'float';
  return 'text';
};

/** A quoted number is a text, for whoever wrote it meant one; JSON has no other way to write a date. */
const typeOf = (kinds: ReadonlySet<LogicalType['type']>, texts: TypeInference): LogicalType['type'] => {
  const [kind = 'text', other] = kinds;
  if (other !== undefined) return kinds.size === 2 && kinds.has('int') && kinds.has('float') ? 'float' : 'text';
  const said = texts.type.type;
  return kind === 'text' && (said === 'date' || said === 'timestamp' || said === 'local timestamp') ? said : kind;
};

const readKeys = async (path: string, { lineBytes, columns }: { lineBytes: number; columns: number }): Promise<string[]> => {
  const keys = new Set<string>();
  const issues = new RowIssues('Line');
  await eachRow(path, lineBytes, issues, (row, line) => {
    for (const key of Object.keys(row)) keys.add(key);
    if (keys.size > columns) throw invalid(`Line ${line}: there are more than ${columns} different keys`, 'too_many_columns', { line });
  });
  issues.refuse();
  if (keys.size === 0) throw invalid('The file has no line with an object that has a key: write one a line', 'empty_file', { line: 1 });
  return checkNames([...keys]);
};

const eachRow = async (path: string, lineBytes: number, issues: RowIssues, onRow: (row: Row, line: number) => void): Promise<void> => {
  let line = 0;
  for await (const text of readLines(path, lineBytes)) {
    line += 1;
    if (text.trim() === '') continue;
    const row = parse(text);
    if (isRow(row)) onRow(row, line);
    else issues.add({ line, reason: 'not_json', problem: `is not a JSON object: ${showValue(text)}` });
  }
};

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

const parse = (text: string): unknown => {
  try {
    return /\d{16}/.test(text) ? (JSON.parse(text, exactly as Parameters<typeof JSON.parse>[1]) as unknown) : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
};
/** Whole numbers beyond 2⁵³ keep their digits. */
const exactly = (_: string, value: unknown, { source }: { source?: string }): unknown =>
  typeof value === 'number' && source !== undefined && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? BigInt(source) : value;

async function* readLines(path: string, lineBytes: number): AsyncGenerator<string> {
  let rest = '';
  let line = 1;
  for await (const { text, invalid: byte } of readText(path, 'utf-8')) {
    const [first = '', ...others] = text.split('\n');
    rest += first;
    for (const other of others) {
      yield rest;
      rest = other;
      line += 1;
    }
    if (rest.length > lineBytes)
      throw invalid(`Line ${line} has more than ${lineBytes} characters: write an object a line`, 'line_too_long', { line });
    if (byte !== undefined)
      throw invalid(`Line ${line}: byte 0x${byte.toString(16)} is not UTF-8; save the file as UTF-8`, 'wrong_encoding', { line });
  }
  if (rest !== '') yield rest;
}
