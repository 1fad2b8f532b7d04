import { notTestable, type Effect, type TestResult } from '../result.ts';
import { kolmogorovQuantile, kolmogorovSurvival } from '../special/kolmogorov.ts';
import { type Pool, pool, type Sample, withoutMeaning } from './pool.ts';
import { requireLevel, tested } from './tested.ts';

export interface KolmogorovSmirnovOptions {
  /** The law of D: by default exact where n·m ≤ 2.5·10⁷ (a quarter of a second at worst), else its limit. */
  readonly law?: 'exact' | 'limit' | undefined;
  /** Of the effect's interval; 0.95 unless said. */
  readonly confidence?: number | undefined;
}

/**
 * Kolmogorov's and Smirnov's two-sample test of equal laws, two-sided: D = sup |Fₙ - Gₘ|, between 0 and 1.
 * Exact p by lattice paths given the ties (Schröer and Trenkler 1995, Comput. Stat. Data Anal. 20), every term positive,
 * so that small p keep their digits; beyond n·m = 2.5·10⁷ Kolmogorov's limit law of D √(nm/(n+m)), cautious with ties.
 * The effect is D within Kolmogorov's band D ± q √(1/n + 1/m), which leaves out 0 just where the limit law's test rejects;
 * where the laws differ the band is a little too wide.
 * Not testable: an empty sample, one single value. RangeError for values that are not finite.
 */
export const kolmogorovSmirnov = (first: Sample, second: Sample, options: KolmogorovSmirnovOptions = {}): TestResult => {
  const { confidence = 0.95 } = options;
  requireLevel('A confidence', confidence);
  const both = pool([first, second]);
  const [n, m] = both.sizes as [number, number];
  const exact = (options.law ?? (n * m <= 2.5e7 ? 'exact' : 'limit')) === 'exact';
  const method = `kolmogorov-smirnov, ${exact ? 'exact' : 'limit law'}`;
  const why = withoutMeaning(both);
  if (why !== undefined) return notTestable(method, both.sizes, why);
  const distance = latticeDistance(both);
  const statistic = distance / (n * m);
  const pValue = exact
    ? latticeSurvival({ n, m, distance, ends: blockEnds(both) })
    : kolmogorovSurvival(statistic * Math.sqrt((n * m) / (n + m)));
  return tested({ method, sizes: both.sizes, statistic, pValue, effect: largestDifference(statistic, [n, m], confidence) });
};

/** D·n·m, a whole number. */
const latticeDistance = ({ sizes: [n, m], counts: [a, b], values }: Pool): number => {
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < values.length; i++) {
    difference += a![i]! * m! - b![i]! * n!;
    largest = Math.max(largest, Math.abs(difference));
  }
  return largest;
};

/** Where in the pooled order a value ends, or undefined if each value ends at once: D can only be reached there. */
const blockEnds = ({ sizes: [n, m], counts: [a, b], values }: Pool): Uint8Array | undefined => {
  if (values.length === n! + m!) return undefined;
  const ends = new Uint8Array(n! + m! + 1);
  for (let i = 0, at = 0; i < values.length; i++) ends[(at += a![i]! + b![i]!)] = 1;
  return ends;
};

interface Lattice {
  readonly n: number;
  readonly m: number;
  /** D·n·m. */
  readonly distance: number;
  readonly ends?: Uint8Array | undefined;
}

/**
 * The probability that a random path from (0, 0) to (n, m) meets |i·m - j·n| ≥ distance where a value ends.
 * The last step to (i, j) comes from (i-1, j) with probability i/(i+j), so v(i,j) = (i·v(i-1,j) + j·v(i,j-1))/(i+j), or 1 where it has met.
 */
export const latticeSurvival = ({ n, m, distance, ends }: Lattice): number => {
  if (ends) return tiedSurvival({ n, m, distance }, ends);
  const met = new Float64Array(m + 1).fill(1);
  for (let i = 0; i <= n; i++) {
    const low = Math.max(0, Math.floor((i * m - distance) / n) + 1);
    const high = Math.min(m, Math.ceil((i * m + distance) / n) - 1);
    // Left of the band every path has met the distance; above it the list still says so.
    let left = low === 0 ? 0 : 1;
    for (let j = low; j <= high; j++) {
      left = i + j === 0 ? 0 : (i * met[j]! + j * left) / (i + j);
      met[j] = left;
    }
  }
  return met[m]!;
};

const tiedSurvival = ({ n, m, distance }: Lattice, ends: Uint8Array): number => {
  const met = new Float64Array(m + 1);
  for (let i = 0; i <= n; i++) {
    let left = 0;
    for (let j = i === 0 ? 1 : 0; j <= m; j++) {
      left = ends[i + j] === 1 && Math.abs(i * m - j * n) >= distance ? 1 : (i * met[j]! + j * left) / (i + j);
      met[j] = left;
    }
  }
  return met[m]!;
};

const largestDifference = (value: number, [n, m]: readonly [number, number], confidence: number): Effect => {
  const width = kolmogorovQuantile(confidence) * Math.sqrt(1 / n + 1 / m);
  return {
    name: 'largest difference of cumulative shares',
    value,
    interval: { low: Math.max(0, value - width), high: Math.min(1, value + width), confidence },
  };
};
