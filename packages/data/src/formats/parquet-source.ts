import { AppError, invalid, type LogicalType } from '@boucle/contract';
import { type DuckDBType, DuckDBTypeId, type DuckDBValue } from '@duckdb/node-api';
import type { Cell } from '../cells/cell.ts';
import { cellType } from '../cells/cell-type.ts';
import { engineType, logicalType } from '../cells/engine-type.ts';
import { engineError, openEngine, parquetTable, quoteName, quoteText } from '../engine.ts';
import { checkNames } from '../column-names.ts';
import { showValue } from '../show-value.ts';
import type { RowIssues } from './row-issues.ts';
import type { Source, Wanted } from './source.ts';

/** A Parquet file of any writer. Narrower types widen; a value is brought to its declared type without loss, or refused. */
export const openParquet = async (path: string, limit: number): Promise<Source> => {
  const engine = await openEngine();
  const from = parquetTable(path);
  try {
    const head = await engine.connection.run(`SELECT * FROM ${from} LIMIT 0`).catch((error: unknown) => {
      throw engineError(error, 'The file is not readable Parquet; write it again', 'not_parquet');
    });
    if (head.columnCount > limit) throw invalid(`The file has ${head.columnCount} columns; ${limit} are allowed`, 'too_many_columns');
    const names = checkNames(head.columnNames());
    const columns = names.map((name, at) => ({ name, type: head.columnType(at) }));
    return {
      unit: 'Row',
      names,
      types: async (places) => places.flatMap((at) => (columns[at] ? [widen(columns[at])] : [])),
      rows: async (wanted, issues, onRow) => {
        const reading = wanted.map((column) => readingOf(column, columns[column.at]));
        const sql = `SELECT ${reading.map((one) => one.sql).join(', ')} FROM ${from}`;
        let line = 0;
        try {
          for await (const chunk of await engine.connection.stream(sql)) {
            for (const values of chunk.getRows()) {
              const cells = cellsOf(values, reading, { line: ++line, issues });
              if (cells) onRow(cells, line);
            }
          }
        } catch (error) {
          throw error instanceof AppError ? error : engineError(error, `The file cannot be read after row ${line}`, 'value_misfit');
        }
      },
      close: () => engine.close(),
    };
  } catch (error) {
    engine.close();
    throw error;
  }
};

/** How one column is selected, and what is made of its values. */
interface Reading {
  readonly name: string;
  readonly sql: string;
  readonly noun: string;
  readonly turn: (value: DuckDBValue) => Cell | undefined;
}

const readingOf = ({ name, type }: Wanted, source: FileColumn | undefined): Reading => ({
  name,
  sql: source ? selectWide(source) : 'NULL',
  noun: cellType(type).noun,
  turn: converter(source ? widen(source) : type, type),
});

const cellsOf = (
  values: readonly DuckDBValue[],
  reading: readonly Reading[],
  { line, issues }: { line: number; issues: RowIssues },
): Cell[] | undefined => {
  const cells: Cell[] = [];
  for (const [i, { name, noun, turn }] of reading.entries()) {
    const value = values[i] ?? null;
    const cell = value === null ? null : turn(value);
    if (cell !== undefined) cells.push(cell);
    else issues.add({ line, column: name, reason: 'value_misfit', problem: `${showValue(String(value))} is not ${noun}` });
  }
  return cells.length === reading.length ? cells : undefined;
};

interface FileColumn {
  readonly name: string;
  readonly type: DuckDBType;
}

const widen = ({ name, type }: FileColumn): LogicalType => {
  const wide = logicalType(type);
  if (!wide)
    throw invalid(
      `Column "${name}" is of type ${type.toString()}, which has no counterpart here; cast or drop it before`,
      'unsupported_type',
      { column: name },
    );
  return wide;
};

/** In SQL to the wide type; nanoseconds that a microsecond cannot hold stop it. */
const selectWide = ({ name, type }: FileColumn): string => {
  const column = quoteName(name);
  const cast = `CAST(${column} AS ${engineType(widen({ name, type })).toString()})`;
  return type.typeId === DuckDBTypeId.TIMESTAMP_NS
    ? `CASE WHEN epoch_ns(${column}) % 1000 <> 0 THEN error(${quoteText(`column "${name}" has times finer than a microsecond`)}) ELSE ${cast} END`
    : cast;
};

/** A float stands for a decimal if it is written with the same digits, an integer if there are none after the point. */
const fromDecimal = (text: string, from: LogicalType, to: LogicalType): Cell | undefined => {
  if (to.type !== 'float') return cellType(to).parse(text.replace(/\.0*$/, ''));
  const decimal = cellType(from);
  return decimal.accept(Number(text)) === decimal.accept(text) ? Number(text) : undefined;
};

/** From one logical type to another without loss: texts are parsed, all else goes by what a program would see. */
const converter = (from: LogicalType, to: LogicalType): ((value: DuckDBValue) => Cell | undefined) => {
  const [source, target] = [cellType(from), cellType(to)];
  if (from.type === to.type && from.scale === to.scale && !from.item && !from.fields) return (value) => target.load(value);
  return (value) => {
    const cell = source.load(value);
    if (cell === undefined) return undefined;
    if (from.type === 'text') return target.parse(String(cell));
    const shown = source.present(cell);
    if (from.type === 'decimal' && (to.type === 'float' || to.type === 'int')) return fromDecimal(String(shown), from, to);
    return to.type === 'text' && isPlain(shown) ? String(shown) : target.accept(shown);
  };
};

const isPlain = (value: unknown): value is string | number | bigint | boolean => typeof value !== 'object' && value !== undefined;
