import type { Paint } from './paint.ts';
import { count } from './format.ts';

/** Numbers are set to the right. A painted cell says in which colour. */
export type Cell = string | number | null | undefined | readonly [colour: Parameters<Paint>[0], text: string];
export type Columns<T> = Readonly<Record<string, (item: T) => Cell>>;

const textOf = (cell: Cell): string => {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return count(cell);
  return typeof cell === 'string' ? cell : cell[1];
};

/** Columns under their names, as wide as what stands in them. */
export const table = <T>(items: readonly T[], columns: Columns<T>, paint: Paint): string => {
  const names = Object.keys(columns);
  const rows = items.map((item) => names.map((name) => columns[name]!(item)));
  const widths = names.map((name, i) => Math.max(name.length, ...rows.map((row) => textOf(row[i]).length)));
  const isNumeric = names.map((_, i) => rows.some((row) => typeof row[i] === 'number'));
  const pad = (text: string, i: number): string => (isNumeric[i] ? text.padStart(widths[i]!) : text.padEnd(widths[i]!));
  const line = (cells: readonly Cell[]): string =>
    cells
      .map((cell, i) => {
        const padded = pad(textOf(cell), i);
        return Array.isArray(cell) ? paint(cell[0], padded) : padded;
      })
      .join('  ')
      .trimEnd();
  return [paint('dim', line(names)), ...rows.map(line)].join('\n');
};

/** Names and values, one a line; what is not there is left out. */
export const facts = (pairs: Readonly<Record<string, Cell>>, paint: Paint): string => {
  const there = Object.entries(pairs).filter(([, cell]) => cell !== null && cell !== undefined && cell !== '');
  const width = Math.max(0, ...there.map(([name]) => name.length));
  return there
    .map(([name, cell]) => `${paint('dim', name.padEnd(width))}  ${Array.isArray(cell) ? paint(cell[0], textOf(cell)) : textOf(cell)}`)
    .join('\n');
};
