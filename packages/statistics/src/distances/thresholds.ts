import { chiSquareQuantile } from '../special/chi-square.ts';
import { studentTQuantile } from '../special/student-t.ts';
import { requireLevel } from '../tests/tested.ts';
import { type CountDistanceName, definitionOf } from './count-distance.ts';

export interface NullThreshold {
  readonly sizes: readonly [number, number];
  /** Cells that occur in either sample, 2 or more. */
  readonly cells: number;
  /** The share of false alarms without drift. */
  readonly alpha: number;
}

/**
 * What a distance of counts exceeds with probability `alpha` without drift, for cells with expected counts of 5 and more:
 * from t = (1/n + 1/m) χ²₍cells-1, 1-alpha₎, that is t for PSI, t/2 for Kullback-Leibler, √(t/8) for Hellinger and for
 * Jensen-Shannon with natural logarithm, √(t/(8 ln 2)) in base 2. By Taylor at p = q each is such a multiple of chi-square
 * (Csiszár and Shields 2004, section 4). Undefined for a distance without such a law: take `permutedThreshold`.
 * RangeError for sizes below 1, fewer than two cells, unless 0 < alpha < 1.
 */
export const nullThreshold = (name: CountDistanceName, { sizes: [n, m], cells, alpha }: NullThreshold): number | undefined => {
  requireLevel('Alpha', alpha);
  if (!(n >= 1 && m >= 1)) throw new RangeError(`A threshold needs two samples of one value and more, not of ${n} and ${m}`);
  if (!Number.isSafeInteger(cells) || cells < 2) throw new RangeError(`A threshold needs two cells or more, not ${cells}`);
  return definitionOf(name).likeChiSquare?.((1 / n + 1 / m) * chiSquareQuantile(1 - alpha, cells - 1));
};

/**
 * What a distance exceeds with probability at most `alpha` without drift, from its values under random exchanges:
 * the ⌈(1 - alpha)(draws + 1)⌉-th smallest, so that to exceed it is to have a permutation p of at most alpha.
 * RangeError where the draws are too few to say, unless 0 < alpha < 1.
 */
export const permutedThreshold = (drawn: ArrayLike<number>, alpha: number): number => {
  requireLevel('Alpha', alpha);
  const needed = Math.ceil((1 - alpha) * (drawn.length + 1) - 1e-9);
  if (needed > drawn.length)
    throw new RangeError(`A threshold at alpha ${alpha} needs ${Math.ceil(1 / alpha - 1 - 1e-9)} draws or more, not ${drawn.length}`);
  // Equal distances differ in their last digits; the threshold lies above all of them.
  return Float64Array.from(drawn).sort()[needed - 1]! * (1 + 1e-12);
};

/**
 * What a score exceeds with probability `alpha` in the next block of time, from its values in earlier blocks that stand for normal times:
 * mean + t₍c-1, 1-alpha₎ s √(1 + 1/c) over c blocks, the one-sided prediction bound of normal scores. Blocks of consecutive rows carry
 * what depends on time, which random exchanges destroy; with few blocks it is far wider than mean + 3 s suggests.
 * Source: Hahn and Meeker 1991, section 4.7. RangeError for fewer than two blocks, values that are not finite, unless 0 < alpha < 1.
 */
export const blockThreshold = (scores: readonly number[], alpha: number): number => {
  requireLevel('Alpha', alpha);
  const count = scores.length;
  if (count < 2) throw new RangeError(`A threshold needs the scores of two blocks or more, not ${count}`);
  for (const score of scores)
    if (!Number.isFinite(score)) throw new RangeError(`A block's score is a finite number, not ${score}; leave out blocks without one`);
  const mean = scores.reduce((sum, score) => sum + score, 0) / count;
  const deviation = Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (count - 1));
  return mean + studentTQuantile(1 - alpha, count - 1) * deviation * Math.sqrt(1 + 1 / count);
};
