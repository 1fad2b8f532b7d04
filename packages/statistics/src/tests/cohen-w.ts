import type { Effect } from '../result.ts';
import { noncentralChiSquareSurvival } from '../special/chi-square.ts';
import { increasingRoot } from '../special/root.ts';
import { pearson } from './pearson.ts';
import { requireLevel } from './tested.ts';
import { type Counts, countsWithoutMeaning, twoCounts } from './two-counts.ts';

/**
 * How far two samples' shares are apart: Cohen's w = √(Σ (p - q)²/pooled share), without unit, which does not grow with the samples;
 * 0.1 is small, 0.3 medium, 0.5 large (Cohen 1988, section 7.2).
 * The interval is that of the non-centrality of Pearson's chi-square (Smithson 2003, section 3): it leaves out 0 from p = (1 - confidence)/2 down.
 * For its upper end a statistic below the mean that it has without drift counts as that mean, lest the interval shrink to nothing.
 * Undefined for an empty sample or one single category. Errors as `chiSquareTest`.
 */
export const cohenW = (first: Counts, second: Counts, confidence = 0.95): Effect | undefined => {
  requireLevel('A confidence', confidence);
  const counts = twoCounts(first, second);
  if (countsWithoutMeaning(counts) !== undefined) return undefined;
  const [n, m] = counts.sizes;
  const chiSquare = pearson(counts.first, counts.second);
  const df = counts.first.length - 1;
  const tail = (1 - confidence) / 2;
  const w = (noncentrality: number): number => Math.sqrt(noncentrality * (1 / n + 1 / m));
  const where = (x: number, p: number): number => w(increasingRoot((l) => noncentralChiSquareSurvival(x, df, l) - p));
  return {
    name: "cohen's w",
    value: w(chiSquare),
    interval: { low: where(chiSquare, tail), high: where(Math.max(chiSquare, df), 1 - tail), confidence },
  };
};
