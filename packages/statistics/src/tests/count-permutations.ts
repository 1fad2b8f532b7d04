import { createRandom } from '../random.ts';
import { dealCounts } from './deal-counts.ts';
import { requireDraws } from './tested.ts';
import type { Counts, TwoCounts } from './two-counts.ts';

/** How many random exchanges to make, and with which seed. */
export interface Draws {
  readonly draws: number;
  readonly seed: number;
}

/** A number that grows as two samples' counts drift apart. */
export type CountStatistic = (first: Counts, second: Counts) => number;

/**
 * The statistic of `draws` random exchanges of the values behind two samples' counts: categories and sizes stay as they are.
 * RangeError for draws below 1.
 */
export const countPermutations = (counts: TwoCounts, statistic: CountStatistic, { draws, seed }: Draws): Float64Array => {
  requireDraws(draws);
  return Float64Array.from({ length: draws }, exchanges(counts, statistic, seed));
};

/** Only the smaller sample is dealt; the other one has what is left. */
const exchanges = ({ sizes, first, second }: TwoCounts, statistic: CountStatistic, seed: number): (() => number) => {
  const swapped = sizes[1] < sizes[0];
  const pooled = first.map((count, c) => count + second[c]!);
  const deal = dealCounts(createRandom(seed), { pooled, size: Math.min(...sizes) });
  const drawn = pooled.map(() => 0);
  const rest = pooled.map(() => 0);
  return () => {
    deal(drawn);
    for (let c = 0; c < rest.length; c++) rest[c] = pooled[c]! - drawn[c]!;
    return swapped ? statistic(rest, drawn) : statistic(drawn, rest);
  };
};

export interface PermutedP {
  readonly pValue: number;
  /** Exchanges that were made. */
  readonly made: number;
}

/**
 * (1 + #{T* ≥ T})/(draws + 1) over random exchanges; or, once `enough` of them were as far apart, their share of those made until then.
 * Either has the level that it says. Source: Besag and Clifford 1991, Sequential Monte Carlo p-values, Biometrika 78. RangeError for draws below 1.
 */
export const countPermutationP = (
  counts: TwoCounts,
  statistic: CountStatistic,
  { draws, seed, enough = Infinity }: Draws & { readonly enough?: number | undefined },
): PermutedP => {
  requireDraws(draws);
  const least = leastEqual(statistic(counts.first, counts.second));
  const next = exchanges(counts, statistic, seed);
  let reached = 0;
  for (let made = 1; made <= draws; made++) {
    if (next() >= least && ++reached >= enough) return { pValue: reached / made, made };
  }
  return { pValue: (1 + reached) / (draws + 1), made: draws };
};

/** (1 + #{T* ≥ T})/(draws + 1). */
export const permutationP = (drawn: Float64Array, observed: number): number => {
  const least = leastEqual(observed);
  return (1 + drawn.reduce((count, value) => count + (value >= least ? 1 : 0), 0)) / (drawn.length + 1);
};

/** T* within 10⁻¹² of T counts as equal. */
const leastEqual = (observed: number): number => observed - 1e-12 * Math.abs(observed);
