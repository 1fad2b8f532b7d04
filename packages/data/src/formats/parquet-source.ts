import { AppError, invalid, type LogicalType } from '@boucle/contract';
import { type DuckDBConnection, type DuckDBType, DuckDBTypeId, type DuckDBValue } from '@duckdb/node-api';
import type { Cell } from '../cells/cell.ts';
import { cellType } from '../cells/cell-type.ts';
import { engineType, logicalType } from '../cells/engine-type.ts';
import { engineError, openEngine, parquetTable, quoteName, quoteText } from '../engine.ts';
import { checkNames } from '../column-names.ts';
import { type RowIssues, showText } from './row-issues.ts';
import type { Source, Wanted } from './source.ts';

/** A Parquet file of any writer. Narrower types widen; a value is brought to its declared type without loss, or refused. */
export const openParquet = async (path: string, limit: number): Promise<Source> => {
  const { connection, close } = await openEngine();
  try {
    const head = await connection.run(`SELECT * FROM ${parquetTable(path)} LIMIT 0`).catch((error: unknown) => {
      throw engineError(error, 'The file is not readable Parquet', 'not_parquet');
    });
    if (head.columnCount > limit) throw invalid(`The file has ${head.columnCount} columns; ${limit} are allowed`, 'too_many_columns');
    const names = checkNames(head.columnNames());
    const columns = names.map((name, at) => ({ name, type: head.columnType(at) }));
    return {
      unit: 'Row',
      names,
      types: async (places) => places.flatMap((at) => (columns[at] ? [widen(columns[at])] : [])),
      rows: (wanted, issues, onRow) => readRows(connection, path, columns, wanted, issues, onRow),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
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

const readRows = async (
  connection: DuckDBConnection,
  path: string,
  columns: readonly FileColumn[],
  wanted: readonly Wanted[],
  issues: RowIssues,
  onRow: (cells: Cell[], line: number) => void,
): Promise<void> => {
  const read = wanted.map(({ name, at, type }) => {
    const source = columns[at];
    return {
      name,
      turn: converter(source ? widen(source) : type, type),
      sql: source ? selectWide(source) : 'NULL',
      noun: cellType(type).noun,
    };
  });
  let line = 0;
  try {
    const result = await connection.stream(`SELECT ${read.map(({ sql }) => sql).join(', ')} FROM ${parquetTable(path)}`);
    for await (const chunk of result) {
      for (const values of chunk.getRows()) {
        line++;
        const cells: Cell[] = [];
        for (const [c, { name, turn, noun }] of read.entries()) {
          const value = values[c] ?? null;
          const cell = value === null ? null : turn(value);
          if (cell !== undefined) cells.push(cell);
          else issues.add({ line, column: name, reason: 'value_misfit', problem: `${showText(String(value))} is not ${noun}` });
        }
        if (cells.length === read.length) onRow(cells, line);
      }
    }
  } catch (error) {
    throw error instanceof AppError ? error : engineError(error, `The file cannot be read after row ${line}`, 'value_misfit');
  }
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
    return to.type === 'text' && typeof shown !== 'object' ? String(shown) : target.accept(shown);
  };
};
