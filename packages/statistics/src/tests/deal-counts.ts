import type { Random } from '../random.ts';
import { drawHypergeometric, fewTaken } from './hypergeometric.ts';
import type { Counts } from './two-counts.ts';

export interface Margins {
  readonly pooled: Counts;
  /** Of the smaller sample. */
  readonly size: number;
}
/** Fills in what the smaller sample has of each category. */
export type Deal = (drawn: number[]) => void;

/**
 * Deals the values of categories to a sample at random, over and over: one by one, or a category's share of the sample at once, whichever costs less.
 * The law is the same. Source: Patefield 1981, Algorithm AS 159, Applied Statistics 30.
 */
export const dealCounts = (random: Random, margins: Margins): Deal =>
  isShortByCell(margins) ? dealCells(random, margins) : dealValues(random, margins);

/** What a proposed number costs, in dealt values. */
const proposedCost = 15;
const isShortByCell = ({ pooled, size }: Margins): boolean =>
  size > pooled.reduce((cost, count) => cost + (Math.min(count, size) <= fewTaken ? Math.min(count, size) : proposedCost), 0);

/** Each draw goes on from where the last one left the values. */
export const dealValues = (random: Random, { pooled, size }: Margins): Deal => {
  const values = Uint32Array.from(pooled.flatMap((count, c) => Array.from({ length: count }, () => c)));
  return (drawn) => {
    drawn.fill(0);
    for (let i = 0; i < size; i++) {
      const j = i + random.integer(values.length - i);
      const value = values[j]!;
      values[j] = values[i]!;
      values[i] = value;
      drawn[value]!++;
    }
  };
};

/** Frequent categories first: after them little is left to be taken. */
export const dealCells = (random: Random, { pooled, size }: Margins): Deal => {
  const descending = [...pooled.keys()].sort((a, b) => pooled[b]! - pooled[a]!);
  const all = pooled.reduce((sum, count) => sum + count, 0);
  return (drawn) => {
    drawn.fill(0);
    let [left, taken] = [all, size];
    for (const c of descending) {
      if (taken === 0) return;
      const marked = pooled[c]!;
      left -= marked;
      const found = drawHypergeometric(random, { marked, others: left, taken });
      drawn[c] = found;
      taken -= found;
    }
  };
};
