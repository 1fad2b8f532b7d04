import { type Estimate, notEstimable } from '../estimate.ts';
import { type Proportion, proportion } from '../proportion.ts';
import { normalCdf } from '../special/normal.ts';

export interface BinaryForecast {
  /** Of a positive. */
  readonly probabilities: ArrayLike<number>;
  readonly positive: ArrayLike<boolean>;
}

export interface CalibrationBinning {
  readonly bins?: number;
  /** `width`: bins of equal width over [0, 1]; `mass`: of equally many rows, equal probabilities staying together. */
  readonly spacing?: 'width' | 'mass';
}

export interface CalibrationBin {
  /** The first and last probability that may fall into it by width, or that did by mass. */
  readonly low: number;
  readonly high: number;
  readonly meanProbability: number;
  /** How many of its rows were positive, with Wilson's interval. */
  readonly share: Proportion;
}

/**
 * How often events occurred that were given about the same probability. Bins without rows are left out. Without unit, in [0, 1].
 * Source: Murphy and Winkler 1977; DeGroot and Fienberg 1983. RangeError for unequal lengths, a probability outside 0 to 1, or bins that are
 * not a whole number from 1 to 1000.
 */
export const calibrationCurve = (
  forecast: BinaryForecast,
  { bins = 10, spacing = 'width', confidence = 0.95 }: CalibrationBinning & { confidence?: number } = {},
): CalibrationBin[] =>
  binsOf(forecast, { bins, spacing }).map(({ low, high, rows, probability, hits }) => ({
    low,
    high,
    meanProbability: probability / rows,
    share: proportion(hits, rows, confidence),
  }));

/**
 * The expected calibration error Σ nᵦ/n |ȳᵦ - p̄ᵦ| over the bins of `calibrationCurve`; 0 is best, 1 the worst.
 * Chance alone makes it positive: `debiased` subtracts from each bin how much |N(d, ȳ(1 - ȳ)/(nᵦ - 1))| exceeds |d| in the mean, and is at
 * least 0. Bins of one row, which have no spread, then count as they are. It has no simple interval; use `bootstrap`.
 * Source: Naeini, Cooper, Hauskrecht 2015; debiased, Kumar, Liang, Ma 2019, section 5, in closed form. Errors as `calibrationCurve`.
 */
export const expectedCalibrationError = (
  forecast: BinaryForecast,
  { bins = 10, spacing = 'width', debiased = false }: CalibrationBinning & { debiased?: boolean } = {},
): Estimate => {
  const n = forecast.probabilities.length;
  const method = `expected calibration error, ${bins} bins of equal ${spacing}${debiased ? ', debiased' : ''}`;
  const filled = binsOf(forecast, { bins, spacing });
  if (n === 0) return notEstimable(method, [0], 'there are no rows');
  const value = filled.reduce((sum, { rows, probability, hits }) => {
    const gap = Math.abs(hits - probability) / rows;
    const share = hits / rows;
    const spread = debiased && rows > 1 ? Math.sqrt((share * (1 - share)) / (rows - 1)) : 0;
    return sum + (rows / n) * (gap - (spread > 0 ? foldedMean(gap, spread) - gap : 0));
  }, 0);
  return { value: Math.max(0, value), interval: null, method, sizes: [n], why: 'it has no simple interval; use bootstrap' };
};

/** Brier's score in parts: `score` = reliability - resolution + uncertainty + withinBins. */
export interface BrierParts {
  readonly score: number;
  /** Σ nᵦ/n (p̄ᵦ - ȳᵦ)²: how far probabilities are off; 0 is best. */
  readonly reliability: number;
  /** Σ nᵦ/n (ȳᵦ - ȳ)²: how well they tell rows apart; `uncertainty` is best. */
  readonly resolution: number;
  /** ȳ(1 - ȳ): how hard the rows are. */
  readonly uncertainty: number;
  /** What is left because a bin holds different probabilities; 0 where each holds one. */
  readonly withinBins: number;
}

/** Murphy's decomposition over bins; null for no rows. Source: Murphy 1973; Stephenson, Coelho, Jolliffe 2008. Errors as `calibrationCurve`. */
export const brierDecomposition = (
  forecast: BinaryForecast,
  { bins = 10, spacing = 'width' }: CalibrationBinning = {},
): BrierParts | null => {
  const { probabilities, positive } = forecast;
  const filled = binsOf(forecast, { bins, spacing });
  const n = probabilities.length;
  if (n === 0) return null;
  let score = 0;
  for (let i = 0; i < n; i++) score += (probabilities[i]! - (positive[i] ? 1 : 0)) ** 2 / n;
  const base = filled.reduce((sum, { hits }) => sum + hits, 0) / n;
  const over = (square: (bin: Bin) => number): number => filled.reduce((sum, bin) => sum + (bin.rows / n) * square(bin) ** 2, 0);
  const reliability = over(({ rows, probability, hits }) => (probability - hits) / rows);
  const resolution = over(({ rows, hits }) => hits / rows - base);
  const uncertainty = base * (1 - base);
  return { score, reliability, resolution, uncertainty, withinBins: score - (reliability - resolution + uncertainty) };
};

/** E|X| of a normal X. */
const foldedMean = (mean: number, deviation: number): number => {
  const z = mean / deviation;
  return deviation * Math.sqrt(2 / Math.PI) * Math.exp((-z * z) / 2) + mean * (1 - 2 * normalCdf(-z));
};

interface Bin {
  low: number;
  high: number;
  rows: number;
  probability: number;
  hits: number;
}

const binsOf = ({ probabilities, positive }: BinaryForecast, { bins, spacing }: Required<CalibrationBinning>): Bin[] => {
  const n = probabilities.length;
  if (positive.length !== n) throw new RangeError(`${n} probabilities, but ${positive.length} outcomes`);
  if (!(Number.isInteger(bins) && bins >= 1 && bins <= 1000))
    throw new RangeError(`The number of bins is whole, from 1 to 1000, not ${bins}`);
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => probabilities[a]! - probabilities[b]!);
  const found: Bin[] = [];
  let binBefore = -1;
  for (const [k, i] of order.entries()) {
    const p = probabilities[i]!;
    if (!(p >= 0 && p <= 1)) throw new RangeError(`Row ${i} has the probability ${p}, which is not within 0 and 1`);
    const before = k === 0 ? undefined : probabilities[order[k - 1]!];
    const byMass = p === before ? binBefore : Math.floor((k * bins) / n);
    const bin = spacing === 'mass' ? byMass : Math.min(bins - 1, Math.floor(p * bins));
    if (bin !== binBefore) {
      const edges = spacing === 'mass' ? { low: p, high: p } : { low: bin / bins, high: (bin + 1) / bins };
      found.push({ ...edges, rows: 0, probability: 0, hits: 0 });
      binBefore = bin;
    }
    const into = found.at(-1)!;
    into.rows++;
    into.probability += p;
    if (positive[i]) into.hits++;
    if (spacing === 'mass') into.high = p;
  }
  return found;
};
