import type { Interval } from '../proportion.ts';
import { incompleteBeta } from '../special/incomplete-beta.ts';
import { increasingRoot } from '../special/root.ts';

/**
 * Clopper and Pearson's exact interval for a binomial share: it holds the true share at least as often as it says, and is wider than
 * Wilson's for it. Its low end is the α/2 quantile of Beta(successes, failures + 1), its high end the 1 - α/2 quantile of
 * Beta(successes + 1, failures). Null for no trials. Without unit, within [0, 1].
 * Source: Clopper and Pearson 1934. RangeError unless 0 ≤ successes ≤ n are whole numbers and 0 < confidence < 1.
 */
export const clopperPearson = (successes: number, n: number, confidence = 0.95): Interval | null => {
  if (!Number.isSafeInteger(successes) || !Number.isSafeInteger(n) || successes < 0 || successes > n) {
    throw new RangeError(`Successes and trials are whole numbers with 0 ≤ successes ≤ trials, not ${successes} of ${n}`);
  }
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`A confidence lies strictly between 0 and 1, not ${confidence}`);
  if (n === 0) return null;
  const tail = (1 - confidence) / 2;
  return { low: lowEnd(successes, n, tail), high: 1 - lowEnd(n - successes, n, tail), confidence };
};

const lowEnd = (successes: number, n: number, tail: number): number =>
  successes === 0 ? 0 : increasingRoot((x) => incompleteBeta({ a: successes, b: n - successes + 1, x }).lower - tail);
