import { normalQuantile } from '../normal-quantile.ts';
import { notTestable, type TestResult } from '../result.ts';
import { normalTwoSided } from '../special/normal.ts';
import { placements, variation } from './delong.ts';

/** Two models' scores of the same rows; each may have a unit of its own. */
interface ScoredTwice {
  readonly positive: readonly boolean[];
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/**
 * Whether two models rank the same rows equally well: z = (A₁ - A₂)/√(s₁₀/P + s₀₁/N), two-sided, where s₁₀ and s₀₁ are the variances, over
 * positives and over negatives, of the difference between a row's two placements. The effect is A₁ - A₂ with the interval of that error.
 * Source: DeLong, DeLong, Clarke-Pearson 1988. Not testable: fewer than two rows of a kind, or models that place every row alike.
 * RangeError as `rocAuc`, or for a confidence outside 0 to 1.
 */
export const delongTest = ({ positive, first, second }: ScoredTwice, confidence = 0.95): TestResult => {
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`A confidence lies strictly between 0 and 1, not ${confidence}`);
  const method = 'DeLong, paired';
  const sizes = [positive.length];
  const [one, other] = [placements({ positive, scores: first }), placements({ positive, scores: second })];
  if (one === null || other === null) return notTestable(method, sizes, 'rows of one of the two kinds are missing');
  const differences = one.map((placement, i) => placement - other[i]!);
  const above = differences.filter((_, i) => positive[i]);
  const below = differences.filter((_, i) => !positive[i]);
  if (above.length < 2 || below.length < 2) return notTestable(method, sizes, 'it takes two rows of each kind');
  const value = above.reduce((a, b) => a + b, 0) / above.length;
  const error = Math.sqrt(variation(above) / above.length + variation(below) / below.length);
  if (error === 0) return notTestable(method, sizes, 'both place every row alike');
  const statistic = value / error;
  const half = normalQuantile((1 + confidence) / 2) * error;
  const interval = { low: Math.max(-1, value - half), high: Math.min(1, value + half), confidence };
  const pValue = Math.max(Number.MIN_VALUE, normalTwoSided(statistic));
  return { testable: true, method, sizes, statistic, pValue, effect: { name: 'difference of areas', value, interval } };
};
