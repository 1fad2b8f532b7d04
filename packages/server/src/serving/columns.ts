import type { Columns } from '@boucle/contract';

/** Requests become one call of the model: their columns one behind the other. All have the names of the first. */
export const joinColumns = (parts: readonly Columns[]): Columns => {
  const [first = {}] = parts;
  if (parts.length === 1) return first;
  return Object.fromEntries(Object.keys(first).map((name) => [name, parts.flatMap((part) => part[name]!)]));
};

/** The rows from `from` up to, and without, `to`. */
export const cutColumns = (columns: Columns, from: number, to: number): Columns =>
  Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values.slice(from, to)]));

/** One row by column name. */
export const rowOf = (columns: Columns, row: number): Record<string, unknown> => {
  const values: Record<string, unknown> = {};
  for (const name in columns) values[name] = columns[name]![row];
  return values;
};
