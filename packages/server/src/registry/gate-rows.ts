import { type Cell, type JudgedRow, rowLoss } from './gate-metric.ts';

/** Rows that are alike, counted: what is computed over millions of rows is computed over a few kinds. */
export const cellsOf = (rows: readonly JudgedRow[]): Cell[] => counted(rows.map(({ actual, label }) => ({ actual, label })));

export const total = (cells: readonly { readonly count: number }[]): number => cells.reduce((sum, { count }) => sum + count, 0);
export const counted = <T extends object>(items: readonly T[]): (T & { count: number })[] => {
  const cells = new Map<string, T & { count: number }>();
  for (const item of items) {
    const key = JSON.stringify(Object.values(item));
    const cell = cells.get(key);
    if (cell) cell.count += 1;
    else cells.set(key, { ...item, count: 1 });
  }
  return [...cells.values()];
};

export const lossesOf = (rows: readonly JudgedRow[], labels: number): number[] | null => {
  const losses = rows.map((row) => rowLoss(row, labels));
  return losses.some((loss) => loss === null) ? null : (losses as number[]);
};

export const labelsOf = (known: readonly string[], rows: readonly JudgedRow[]): string[] => [
  ...new Set([...known, ...rows.flatMap(({ actual, label }) => [actual, label])]),
];
