import { type Static, type TObject, type TProperties, Type } from 'typebox';
import type { Table } from './port.ts';

/** `notNull('text')` on a dataset with columns `text` and `label`: a misspelt column does not compile. */
export interface Expectation<Column extends string> {
  readonly type: string;
  readonly columns: readonly Column[];
  readonly args: Readonly<Record<string, unknown>>;
  readonly level?: 'error' | 'warning';
}
export type Suite<Column extends string = string> = readonly Expectation<Column>[];
export interface Dataset<T> {
  readonly name: string;
  readonly holds?: T;
}

interface Described<P extends TProperties> {
  readonly source: string;
  /** Names a row for ever: across versions, splits and erasures. */
  readonly key?: readonly Extract<keyof P, string>[];
  readonly columns: P;
  /** Where a column has another name in the source. */
  readonly from?: { readonly [K in keyof P]?: string };
  readonly others?: 'keep' | 'drop' | 'refuse';
  readonly expect?: Suite<Extract<keyof P, string>>;
  readonly personal?: readonly Extract<keyof P, string>[];
}

export const defineDataset = <const N extends string, P extends TProperties>(
  name: N,
  { columns, ...rest }: Described<P>,
): Dataset<Table<Static<TObject<P>>>> => ({ name, schema: Type.Object(columns), ...rest }) as Dataset<Table<Static<TObject<P>>>>;

interface Mostly {
  /** The share of rows that has to be so; nulls are looked at by `notNull` alone. */
  mostly?: number;
}
const about = <const C extends string>(type: string, columns: readonly C[], args: object = {}): Expectation<C> => ({
  type,
  columns,
  args: { ...args },
});

/** In the names of Great Expectations. One that is not met stops the pipeline, unless its level is `warning`. */
export const expect = {
  notNull: <const C extends string>(column: C, args: Mostly = {}) => about('expect_column_values_to_not_be_null', [column], args),
  oneOf: <const C extends string>(column: C, values: readonly unknown[], args: Mostly = {}) =>
    about('expect_column_values_to_be_in_set', [column], { values, ...args }),
  length: <const C extends string>(column: C, args: Mostly & { min?: number; max?: number }) =>
    about('expect_column_value_lengths_to_be_between', [column], args),
  between: <const C extends string>(column: C, args: Mostly & { min?: number | string; max?: number | string }) =>
    about('expect_column_values_to_be_between', [column], args),
  matches: <const C extends string>(column: C, regex: string, args: Mostly = {}) =>
    about('expect_column_values_to_match_regex', [column], { regex, ...args }),
  unique: <const C extends string>(columns: C | readonly C[], args: Mostly = {}) =>
    about('expect_column_values_to_be_unique', [columns].flat() as readonly C[], args),
  rows: (args: { min?: number; max?: number }) => about<never>('expect_table_row_count_to_be_between', [], args),
};
