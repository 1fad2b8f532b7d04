import { normalQuantile } from '@boucle/statistics';

/** How much a number is above another on the same rows, and between what bounds. */
export interface Difference {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Below it, bounds that rest on many rows do not hold. */
export const fewestRows = 30;

/**
 * The difference of two shares on the same `rows`, of which `gained` count for the first alone and `lost` for the second alone.
 * Tango's score interval (1998): it holds its level with few rows, and has a width where the two never disagree.
 */
export const shareDifference = ({ rows, gained, lost }: { rows: number; gained: number; lost: number }, alpha: number): Difference => {
  const z = normalQuantile(1 - alpha);
  const value = (gained - lost) / rows;
  /** How many standard errors the data lie above this difference. */
  const above = (difference: number): number => {
    const b = (2 * rows - gained + lost) * difference - gained - lost;
    const c = -lost * difference * (1 - difference);
    const losing = (Math.sqrt(Math.max(0, b * b - 8 * rows * c)) - b) / (4 * rows);
    const variance = rows * (2 * losing + difference * (1 - difference));
    const distance = gained - lost - rows * difference;
    return variance > 0 ? distance / Math.sqrt(variance) : Math.sign(distance) * Number.POSITIVE_INFINITY;
  };
  return { value, low: crossing(above, z, [-1, value]), high: crossing(above, -z, [value, 1]) };
};

/** Where a falling function passes a level. */
const crossing = (fall: (x: number) => number, level: number, [from, to]: readonly [number, number]): number => {
  let [low, high] = [from, to];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (fall(middle) > level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};

/**
 * The bounds of any smooth number of a table, by leaving out one row at a time (the jackknife): rows that are alike are left out once
 * and counted. Bounds are no nearer than one unseen row of `concerned` could move them, so that agreement on few rows is no certainty.
 */
export const jackknife = (
  counts: readonly number[],
  of: (counts: readonly number[]) => number | null,
  { alpha, concerned }: { alpha: number; concerned: number },
): Difference | null => {
  const value = of(counts);
  const rows = counts.reduce((sum, count) => sum + count, 0);
  if (value === null) return null;
  const left: { count: number; value: number }[] = [];
  for (const [i, count] of counts.entries()) {
    if (count === 0) continue;
    const without = of(counts.with(i, count - 1));
    if (without === null) return null;
    left.push({ count, value: without });
  }
  const mean = left.reduce((sum, one) => sum + one.count * one.value, 0) / rows;
  const variance = ((rows - 1) / rows) * left.reduce((sum, one) => sum + one.count * (one.value - mean) ** 2, 0);
  const z = normalQuantile(1 - alpha);
  const half = Math.max(z * Math.sqrt(variance), (z * z) / (concerned + z * z));
  return { value, low: value - half, high: value + half };
};

/** The mean of differences in pairs, with normal bounds; null below two. */
export const meanDifference = (differences: readonly number[], alpha: number): Difference | null => {
  const rows = differences.length;
  if (rows < 2) return null;
  const value = differences.reduce((sum, d) => sum + d, 0) / rows;
  const variance = differences.reduce((sum, d) => sum + (d - value) ** 2, 0) / (rows - 1);
  const half = normalQuantile(1 - alpha) * Math.sqrt(variance / rows);
  return { value, low: value - half, high: value + half };
};
