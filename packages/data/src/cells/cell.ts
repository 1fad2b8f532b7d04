import type { DuckDBValue } from '@duckdb/node-api';

/**
 * One value inside this package, whatever file or program it came from. Integers and times in microseconds are numbers where
 * that is exact and bigints beyond; a decimal is its digits without the point; a struct is its fields in order.
 */
export type Cell = null | boolean | number | bigint | string | Uint8Array | readonly Cell[];

/** What one logical type knows about its values; null is dealt with outside. `undefined` always means: it does not fit. */
export interface CellType<C extends Cell = Cell> {
  /** For messages: "is not …". */
  readonly noun: string;
  /** What stands in a text file. */
  parse(text: string): C | undefined;
  /** What a program hands over, or JSON. */
  accept(value: unknown): C | undefined;
  /** What a program gets. */
  present(cell: C): unknown;
  /** The same as JSON can carry it. */
  json(cell: C): unknown;
  store(cell: C): DuckDBValue;
  load(value: DuckDBValue): C | undefined;
}

/** Exact on both sides of 2⁵³. */
export const wholeCell = (value: bigint): number | bigint =>
  value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
