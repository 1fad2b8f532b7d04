import { benjaminiHochberg, type Interval, studentTQuantile, studentTSurvival } from '@boucle/statistics';
import type { Feature } from './feature.ts';

export interface Condition {
  readonly column: string;
  /** The part of the column's rows that is meant, such as `12 to 30`. */
  readonly is: string;
}
/** Rows on which a model loses more than on the others. */
export interface WeakSlice {
  /** One or two, all of which hold. */
  readonly conditions: readonly Condition[];
  readonly rows: number;
  /** Mean loss on these rows and on all others, in the loss's unit. */
  readonly loss: number;
  readonly lossElsewhere: number;
  /** Of the difference between the two means. */
  readonly interval: Interval;
  /** The difference in units of its spread: √2 (ψ - ψ')/√(σ² + σ'²); 0.2 is small, 0.5 medium, 0.8 large. */
  readonly effectSize: number;
  /** One-sided, adjusted for all slices that were tried. */
  readonly pValue: number;
}
export interface SliceSearch {
  readonly tried: number;
  /** Fewest conditions first, then the largest effect. */
  readonly weak: readonly WeakSlice[];
}
export interface SliceOptions {
  /** Smaller slices are not looked at. */
  readonly minRows?: number;
  /** The expected share of slices that are reported by chance. */
  readonly level?: number;
  /** Smaller effects are left out, however sure they are. */
  readonly minEffect?: number;
  readonly confidence?: number;
}

/**
 * Where a model is weak: all slices of one or two conditions with Welch's one-sided t test of their mean loss against all other rows, the
 * whole family under Benjamini's and Hochberg's procedure. Slices of more than half of the rows are left out, and those of two conditions
 * of which one alone is weak already. Slices overlap, so their tests are not independent; the procedure allows for positive dependence.
 * Source: Chung, Kraska, Polyzotis, Tae, Whang 2019 (Slice Finder), with one correction for the family instead of alpha-investing.
 * A pair of features costs one pass over the rows. RangeError for losses that are not finite or as many as the rows.
 */
export const findWeakSlices = (
  losses: Float64Array,
  features: readonly Feature[],
  { minRows = 30, level = 0.05, minEffect = 0.2, confidence = 0.95 }: SliceOptions = {},
): SliceSearch => {
  if (!losses.every(Number.isFinite)) throw new RangeError('Every row needs a finite loss');
  if (features.some(({ codes }) => codes.length !== losses.length))
    throw new RangeError(`A column has not ${losses.length} values, one for each row`);
  const whole = momentsOf(losses);
  const found = [...singles(losses, features), ...pairs(losses, features)].flatMap(({ conditions, ids, moments }) => {
    const rest = { rows: whole.rows - moments.rows, sum: whole.sum - moments.sum, squares: whole.squares - moments.squares };
    // More than half of the rows are the rule: there the rest is easier, which is no weakness.
    if (moments.rows < minRows || moments.rows > rest.rows) return [];
    const compared = compare(moments, rest, confidence);
    return compared ? [{ ids, slice: { conditions, ...compared } }] : [];
  });
  const adjusted = benjaminiHochberg(
    found.map(({ slice }) => slice.pValue),
    level,
  );
  const weak = found
    .map(({ ids, slice }, i) => ({ ids, slice: { ...slice, pValue: adjusted[i]!.pValue } }))
    .filter(({ slice }) => slice.pValue <= level && slice.effectSize >= minEffect);
  const alone = new Set(weak.flatMap(({ ids }) => (ids.length === 1 ? ids : [])));
  const kept = weak
    .filter(({ ids }) => ids.length === 1 || !ids.some((id) => alone.has(id)))
    .map(({ slice }) => slice)
    .sort((a, b) => a.conditions.length - b.conditions.length || b.effectSize - a.effectSize);
  return { tried: found.length, weak: kept };
};

interface Moments {
  rows: number;
  sum: number;
  squares: number;
}
interface Candidate {
  readonly conditions: readonly Condition[];
  /** Feature and part of each condition, as one text. */
  readonly ids: readonly string[];
  readonly moments: Moments;
}

const momentsOf = (losses: Float64Array): Moments => {
  const all: Moments = { rows: 0, sum: 0, squares: 0 };
  for (const loss of losses) add(all, loss);
  return all;
};
const add = (moments: Moments, loss: number): void => {
  moments.rows++;
  moments.sum += loss;
  moments.squares += loss * loss;
};
const empty = (length: number): Moments[] => Array.from({ length }, () => ({ rows: 0, sum: 0, squares: 0 }));

const singles = (losses: Float64Array, features: readonly Feature[]): Candidate[] =>
  features.flatMap((feature, f) => {
    const table = empty(feature.parts.length);
    for (const [row, code] of feature.codes.entries()) if (code >= 0) add(table[code]!, losses[row]!);
    return table.map((moments, part) => ({ conditions: [conditionOf(feature, part)], ids: [`${f}.${part}`], moments }));
  });

const pairs = (losses: Float64Array, features: readonly Feature[]): Candidate[] =>
  features.flatMap((first, f) =>
    features.slice(f + 1).flatMap((second, offset) => {
      const width = second.parts.length;
      const table = empty(first.parts.length * width);
      for (let row = 0; row < losses.length; row++) {
        const [a, b] = [first.codes[row]!, second.codes[row]!];
        if (a >= 0 && b >= 0) add(table[a * width + b]!, losses[row]!);
      }
      return table.map((moments, at) => {
        const [a, b] = [Math.floor(at / width), at % width];
        return {
          conditions: [conditionOf(first, a), conditionOf(second, b)],
          ids: [`${f}.${a}`, `${f + 1 + offset}.${b}`],
          moments,
        };
      });
    }),
  );

const conditionOf = ({ column, parts }: Feature, part: number): Condition => ({ column, is: parts[part]! });

const compare = (slice: Moments, rest: Moments, confidence: number) => {
  const [loss, lossElsewhere] = [slice.sum / slice.rows, rest.sum / rest.rows];
  const [here, elsewhere] = [varianceOf(slice), varianceOf(rest)];
  const [a, b] = [here / slice.rows, elsewhere / rest.rows];
  if (!(a + b > 0)) return undefined;
  const difference = loss - lossElsewhere;
  const degrees = (a + b) ** 2 / (a ** 2 / (slice.rows - 1) + b ** 2 / (rest.rows - 1));
  const half = studentTQuantile((1 + confidence) / 2, degrees) * Math.sqrt(a + b);
  return {
    rows: slice.rows,
    loss,
    lossElsewhere,
    interval: { low: difference - half, high: difference + half, confidence },
    effectSize: (Math.SQRT2 * difference) / Math.sqrt(here + elsewhere),
    pValue: studentTSurvival(difference / Math.sqrt(a + b), degrees),
  };
};

const varianceOf = ({ rows, sum, squares }: Moments): number => Math.max(0, squares - (sum * sum) / rows) / (rows - 1);
