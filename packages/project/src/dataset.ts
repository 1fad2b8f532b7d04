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

export const expect = {
  notNull: <const C extends string>(column: C): Expectation<C> => ({
    type: 'expect_column_values_to_not_be_null',
    columns: [column],
    args: {},
  }),
  oneOf: <const C extends string>(column: C, values: readonly unknown[]): Expectation<C> => ({
    type: 'expect_column_values_to_be_in_set',
    columns: [column],
    args: { values },
  }),
  length: <const C extends string>(column: C, args: { min?: number; max?: number; mostly?: number }): Expectation<C> => ({
    type: 'expect_column_value_lengths_to_be_between',
    columns: [column],
    args,
  }),
};
