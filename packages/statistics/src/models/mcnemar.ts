import { normalQuantile } from '../normal-quantile.ts';
import { notTestable, type TestResult } from '../result.ts';
import { chiSquareSurvival } from '../special/chi-square.ts';
import { incompleteBeta } from '../special/incomplete-beta.ts';

/** Rows on which two models were tried. */
export interface Disagreement {
  readonly rows: number;
  readonly onlyFirstWrong: number;
  readonly onlySecondWrong: number;
}

/** Counts the rows on which just one of two models was right. RangeError for unequal lengths. */
export const countDisagreement = (firstRight: ArrayLike<boolean>, secondRight: ArrayLike<boolean>): Disagreement => {
  if (firstRight.length !== secondRight.length) {
    throw new RangeError(`${firstRight.length} rows of the first model, ${secondRight.length} of the second; give the same rows`);
  }
  let [onlyFirstWrong, onlySecondWrong] = [0, 0];
  for (let i = 0; i < firstRight.length; i++) {
    if (!firstRight[i] && secondRight[i]) onlyFirstWrong++;
    if (firstRight[i] && !secondRight[i]) onlySecondWrong++;
  }
  return { rows: firstRight.length, onlyFirstWrong, onlySecondWrong };
};

/**
 * Whether two models err equally often on the same rows. With b, c rows on which only the first, only the second was wrong:
 * `exact`: min(b, c), p = min(1, 2 P(X ≤ min)), X binomial of b + c and 1/2; `corrected`: (|b - c| - 1)²/(b + c) against χ² with 1 degree.
 * The effect is (b - c)/rows, above 0 where the first errs more, with the adjusted Wald interval: half a row added to each of the four cells.
 * Source: McNemar 1947; Edwards 1948 for the correction; Agresti and Min 2005 for the interval.
 * Not testable without rows. RangeError for counts that are not whole, negative or more than the rows, or a confidence outside 0 to 1.
 */
export const mcnemar = (
  counts: Disagreement,
  { variant = 'exact', confidence = 0.95 }: { variant?: 'exact' | 'corrected'; confidence?: number } = {},
): TestResult => {
  const { rows, onlyFirstWrong: b, onlySecondWrong: c } = counts;
  if (![rows, b, c].every((n) => Number.isSafeInteger(n) && n >= 0) || b + c > rows) {
    throw new RangeError(`Disagreements are whole numbers of rows that together do not exceed them, not ${b} and ${c} of ${rows}`);
  }
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`A confidence lies strictly between 0 and 1, not ${confidence}`);
  const method = `McNemar, ${variant}`;
  if (rows === 0) return notTestable(method, [0], 'there are no rows');
  return {
    testable: true,
    method,
    sizes: [rows],
    ...(variant === 'exact' ? exact(b, c) : corrected(b, c)),
    effect: { name: 'difference of error rates', value: (b - c) / rows, interval: intervalOf(counts, confidence) },
  };
};

const exact = (b: number, c: number): { statistic: number; pValue: number } => {
  const fewer = Math.min(b, c);
  const lower = b === c ? 0.5 : incompleteBeta({ a: b + c - fewer, b: fewer + 1, x: 0.5 }).lower;
  return { statistic: fewer, pValue: Math.max(Number.MIN_VALUE, Math.min(1, 2 * lower)) };
};

const corrected = (b: number, c: number): { statistic: number; pValue: number; degreesOfFreedom: number } => {
  // The correction must not turn equal counts into a difference.
  const statistic = b + c === 0 ? 0 : Math.max(0, Math.abs(b - c) - 1) ** 2 / (b + c);
  return { statistic, pValue: Math.max(Number.MIN_VALUE, chiSquareSurvival(statistic, 1)), degreesOfFreedom: 1 };
};

const intervalOf = ({ rows, onlyFirstWrong, onlySecondWrong }: Disagreement, confidence: number) => {
  const [b, c, n] = [onlyFirstWrong + 0.5, onlySecondWrong + 0.5, rows + 2];
  const centre = (b - c) / n;
  const half = (normalQuantile((1 + confidence) / 2) * Math.sqrt(b + c - (b - c) ** 2 / n)) / n;
  return { low: Math.max(-1, centre - half), high: Math.min(1, centre + half), confidence };
};
