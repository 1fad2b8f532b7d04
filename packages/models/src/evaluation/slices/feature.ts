export type Cell = string | number | boolean | null;
/** What is known of the rows beside label and prediction, by name; a value for each row. */
export type SliceColumns = Readonly<Record<string, readonly Cell[]>>;

/** One way to part the rows: each row is in one part, or in none. */
export interface Feature {
  readonly column: string;
  /** What the rows of each part have in common, such as `12 to 30`. */
  readonly parts: readonly string[];
  /** By row, the place of its part, or -1. */
  readonly codes: Int16Array;
}

/** Values of a column of categories that are looked at one by one: the most frequent. */
export const mostValues = 20;
const numberBins = 4;

/** Categories: a part for each of the most frequent values, and one for a missing value. */
export const valued = (column: string, cells: readonly Cell[]): Feature => {
  const counts = new Map<Cell, number>();
  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  const kept = [...counts].sort(([a, n], [b, m]) => m - n || (String(a) < String(b) ? -1 : 1)).slice(0, mostValues);
  const place = new Map(kept.map(([cell], i) => [cell, i]));
  return {
    column,
    parts: kept.map(([cell]) => (cell === null ? 'missing' : String(cell))),
    codes: Int16Array.from(cells, (cell) => place.get(cell) ?? -1),
  };
};

/** Numbers: parts of about equally many rows, equal numbers staying together, and one for a missing value. `unit` follows the numbers. */
export const binned = (column: string, cells: readonly (number | null)[], { bins = numberBins, unit = '' } = {}): Feature => {
  const sorted = Float64Array.from(cells.filter((cell): cell is number => Number.isFinite(cell))).sort();
  if (sorted.length === 0) return valued(column, cells);
  const starts = [...new Set(Array.from({ length: bins }, (_, bin) => sorted[Math.floor((bin * sorted.length) / bins)]!))];
  const names = starts.map((start, i) => {
    const next = starts[i + 1];
    const last = next === undefined ? sorted.at(-1)! : sorted[sorted.findIndex((x) => x >= next) - 1]!;
    return `${start === last ? start : `${start} to ${last}`}${unit}`;
  });
  const codes = Int16Array.from(cells, (cell) => (Number.isFinite(cell) ? starts.findLastIndex((start) => cell! >= start) : starts.length));
  return { column, parts: codes.includes(starts.length) ? [...names, 'missing'] : names, codes };
};
