import { distanceOfCounts, type Drift, driftOfCounts } from '@boucle/statistics';
import type { Cell } from './cells.ts';

/** A comparison that could be made, and the share of rows that would have to move. */
export interface Comparison {
  readonly drift: Drift;
  readonly pValue: number;
  readonly totalVariation: number;
  readonly note: string | null;
}
const fewRows = 20;
/** An expected count below this has no chi-square law. */
const fewExpected = 5;
/** Exchanges times what each costs, rows or some work for each cell: about half a second. */
const affordable = 3e7;

/**
 * Reference and current rows over the same cells. Where few rows are expected in a cell the p value comes from as many exchanges as its level
 * needs; where that would take too long, rare cells are put together.
 */
export const compareCells = (cells: readonly Cell[], { alpha, family }: { alpha: number; family: number }): Comparison | string => {
  const occurring = cells.filter(({ reference, current }) => reference + current > 0);
  const n = occurring.reduce((sum, { reference }) => sum + reference, 0);
  const m = occurring.reduce((sum, { current }) => sum + current, 0);
  if (n < fewRows) return `the reference has only ${n} rows with a value; ${fewRows} are needed`;
  if (m < fewRows) return `only ${m} rows have a value; ${fewRows} are needed`;
  if (occurring.length < 2) return 'all values are the same, here and in the reference';
  const draws = Math.max(1999, Math.ceil((2 * family) / alpha));
  const isJoined =
    smallestExpected(occurring, n, m) < fewExpected && occurring.length > 2 && draws * Math.min(n, m, 15 * occurring.length) > affordable;
  const compared = isJoined ? joinRare(occurring, n, m) : occurring;
  if (compared.length < 2) return 'too few rows have anything but the most frequent value';
  const [first, second] = [compared.map(({ reference }) => reference), compared.map(({ current }) => current)];
  const drift = driftOfCounts(first, second, { alpha, draws });
  if (!drift.test.testable) return drift.test.why;
  const moved = distanceOfCounts('total variation', first, second)!.value;
  return { drift, pValue: drift.test.pValue, totalVariation: moved, note: isJoined ? 'rare cells were counted together' : null };
};

const expectedIn = ({ reference, current }: Cell, n: number, m: number): number => (Math.min(n, m) * (reference + current)) / (n + m);
const smallestExpected = (cells: readonly Cell[], n: number, m: number): number => Math.min(...cells.map((cell) => expectedIn(cell, n, m)));

/** Chosen by both samples' sums, which say nothing of their difference. */
const joinRare = (cells: readonly Cell[], n: number, m: number): Cell[] => {
  const ascending = [...cells].sort((a, b) => a.reference + a.current - (b.reference + b.current));
  let [joined, ...kept] = ascending as [Cell, ...Cell[]];
  while (kept.length > 0 && (expectedIn(joined, n, m) < fewExpected || expectedIn(kept[0]!, n, m) < fewExpected)) {
    const next = kept.shift()!;
    joined = { label: '(rare)', reference: joined.reference + next.reference, current: joined.current + next.current };
  }
  return [joined, ...kept];
};
