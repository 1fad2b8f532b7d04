import { DuckDBListValue, DuckDBStructValue, type DuckDBValue } from '@duckdb/node-api';
import type { Cell, CellType } from './cell.ts';

const missing = (value: unknown): value is null | undefined => value === null || value === undefined;

/** All or nothing: one item that does not fit, and the list does not. */
const each = <In>(items: readonly In[], turn: (item: In, index: number) => Cell | undefined): readonly Cell[] | undefined => {
  const cells = items.map((item, index) => (missing(item) ? null : turn(item, index)));
  return cells.every((cell) => cell !== undefined) ? cells : undefined;
};
const fromJson =
  <C>(accept: (value: unknown) => C | undefined) =>
  (text: string): C | undefined => {
    try {
      return accept(JSON.parse(text));
    } catch {
      return undefined; // not JSON, so it does not fit
    }
  };

export const listCell = (item: CellType): CellType<readonly Cell[]> => {
  const accept = (value: unknown): readonly Cell[] | undefined =>
    Array.isArray(value) ? each(value as unknown[], (one) => item.accept(one)) : undefined;
  return {
    noun: `a list, each of it ${item.noun}`,
    parse: fromJson(accept),
    accept,
    present: (cell) => cell.map((one) => (one === null ? null : item.present(one))),
    json: (cell) => cell.map((one) => (one === null ? null : item.json(one))),
    store: (cell) => new DuckDBListValue(cell.map((one) => (one === null ? null : item.store(one)))),
    load: (value) => (value instanceof DuckDBListValue ? each(value.items, (one) => item.load(one)) : undefined),
  };
};

export const structCell = (fields: readonly { readonly name: string; readonly cell: CellType }[]): CellType<readonly Cell[]> => {
  const names = new Set(fields.map(({ name }) => name));
  const accept = (value: unknown): readonly Cell[] | undefined => {
    if (typeof value !== 'object' || value === null || Object.keys(value).some((name) => !names.has(name))) return undefined;
    const given = new Map(Object.entries(value));
    return each(
      fields.map(({ name }) => given.get(name)),
      (one, index) => fields[index]?.cell.accept(one),
    );
  };
  const toObject = <T>(cell: readonly Cell[], turn: (type: CellType, one: Exclude<Cell, null>) => T): Record<string, T | null> =>
    Object.fromEntries(
      fields.map(({ name, cell: type }, index) => {
        const one = cell[index];
        return [name, missing(one) ? null : turn(type, one)];
      }),
    );
  return {
    noun: `an object of ${[...names].join(', ')}`,
    parse: fromJson(accept),
    accept,
    present: (cell) => toObject(cell, (type, one) => type.present(one)),
    json: (cell) => toObject(cell, (type, one) => type.json(one)),
    store: (cell) => new DuckDBStructValue(toObject<DuckDBValue>(cell, (type, one) => type.store(one))),
    load: (value) =>
      value instanceof DuckDBStructValue
        ? each(
            fields.map(({ name }) => value.entries[name]),
            (one, index) => fields[index]?.cell.load(one ?? null),
          )
        : undefined,
  };
};
