import { type Column, type Expectation, invalid, type LogicalType, type TableSchema } from '@boucle/contract';
import { type DuckDBValue, listValue } from '@duckdb/node-api';
import { cellType } from '../cells/cell-type.ts';
import { engineType } from '../cells/engine-type.ts';
import { findColumn } from '../column-names.ts';
import { quoteName } from '../engine.ts';
import { showValue } from '../show-value.ts';
import type { Bind } from '../stored-table.ts';
import { Arguments } from './arguments.ts';

/** What is expected of single rows: which rows are looked at, and which of those are as they should not be. */
export interface RowCheck {
  readonly kind: 'rows';
  readonly column: Column;
  readonly considered: string;
  unexpected(bind: Bind): string;
  /** The share of the considered rows that has to be as expected. */
  readonly mostly: number;
}
/** Values, or combinations of several columns, that may stand once only. */
export interface UniqueCheck {
  readonly kind: 'unique';
  readonly columns: readonly Column[];
  readonly mostly: number;
}
export interface CountCheck {
  readonly kind: 'count';
  readonly min: number;
  readonly max: number;
}
export type Check = RowCheck | UniqueCheck | CountCheck;

/** What an expectation means for a table. An AppError says why it cannot be checked. */
export const planCheck = (expectation: Expectation, schema: TableSchema): Check => {
  const plan = plans.get(expectation.type);
  if (!plan) throw bad(`It is not known; there are ${[...plans.keys()].join(', ')}`);
  const columns = expectation.columns.map((name) => findColumn(schema.columns, name));
  const args = new Arguments(expectation.args);
  const check = plan(columns, args);
  args.finish();
  return check;
};

type Plan = (columns: readonly Column[], args: Arguments) => Check;

/** Great Expectations' names and meanings: nulls are looked at by the first alone, and `mostly` counts over the others. */
const plans = new Map<string, Plan>([
  [
    'expect_column_values_to_not_be_null',
    (columns, args) => {
      const column = single(columns);
      return { kind: 'rows', column, considered: 'true', unexpected: () => `${quoteName(column.name)} IS NULL`, mostly: args.mostly() };
    },
  ],
  [
    'expect_column_values_to_be_in_set',
    (columns, args) => {
      const column = single(columns);
      const values = args.list('values').map((value) => fit(value, column.type, 'values'));
      return present(
        column,
        args,
        (bind) =>
          `NOT list_contains(${bind(listValue(values), engineType({ type: 'list', item: column.type }))}, ${quoteName(column.name)})`,
      );
    },
  ],
  [
    'expect_column_value_lengths_to_be_between',
    (columns, args) => {
      const column = single(columns, ['text', 'bytes', 'list']);
      const length = column.type.type === 'bytes' ? 'octet_length' : 'length';
      return present(column, args, outside(`${length}(${quoteName(column.name)})`, { type: 'int' }, args));
    },
  ],
  [
    'expect_column_values_to_be_between',
    (columns, args) => {
      const column = single(columns, ['int', 'float', 'decimal', 'text', 'date', 'time', 'timestamp', 'local timestamp']);
      const name = quoteName(column.name);
      const beyond = outside(name, column.type, args);
      // The engine sorts NaN above every number, so a lower bound alone would let it through.
      return present(column, args, (bind) => (column.type.type === 'float' ? `(isnan(${name}) OR ${beyond(bind)})` : beyond(bind)));
    },
  ],
  [
    'expect_column_values_to_match_regex',
    (columns, args) => {
      const column = single(columns, ['text']);
      const regex = args.text('regex');
      return present(column, args, (bind) => `NOT regexp_matches(${quoteName(column.name)}, ${bind(regex, engineType({ type: 'text' }))})`);
    },
  ],
  [
    'expect_column_values_to_be_unique',
    (columns, args) => {
      if (columns.length === 0) throw bad('It needs a column');
      return { kind: 'unique', columns, mostly: args.mostly() };
    },
  ],
  [
    'expect_table_row_count_to_be_between',
    (_, args) => ({ kind: 'count', min: args.number('min') ?? 0, max: args.number('max') ?? Infinity }),
  ],
]);

const single = (columns: readonly Column[], types?: readonly LogicalType['type'][]): Column => {
  const [column] = columns;
  if (!column || columns.length > 1) throw bad('It needs exactly one column');
  if (types && !types.includes(column.type.type)) throw bad(`Column "${column.name}" is ${column.type.type}; it needs ${types.join(', ')}`);
  return column;
};

const present = (column: Column, args: Arguments, unexpected: RowCheck['unexpected']): RowCheck => ({
  kind: 'rows',
  column,
  considered: `${quoteName(column.name)} IS NOT NULL`,
  unexpected,
  mostly: args.mostly(),
});

/** Both bounds belong to what is allowed. */
const outside = (sql: string, type: LogicalType, args: Arguments): RowCheck['unexpected'] => {
  const bounds = (['min', 'max'] as const).flatMap((name) => {
    const value = args.take(name);
    return value === undefined || value === null ? [] : [{ sign: name === 'min' ? '<' : '>', value: fit(value, type, name) }];
  });
  if (bounds.length === 0) throw bad('It needs "min", "max" or both');
  return (bind) => `(${bounds.map(({ sign, value }) => `${sql} ${sign} ${bind(value, engineType(type))}`).join(' OR ')})`;
};

const fit = (value: unknown, type: LogicalType, argument: string): DuckDBValue => {
  const cells = cellType(type);
  const cell = cells.accept(value);
  if (cell === undefined) throw bad(`"${argument}" holds ${showValue(value)}, which is not ${cells.noun}`);
  return cells.store(cell);
};

const bad = (message: string) => invalid(message, 'bad_expectation');
