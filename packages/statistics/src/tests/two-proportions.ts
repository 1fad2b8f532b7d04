import { wilson } from '../proportion.ts';
import { type Effect, notTestable, type TestResult } from '../result.ts';
import { normalTwoSided } from '../special/normal.ts';
import { requireLevel, tested } from './tested.ts';

/** Successes among trials. */
export interface Trials {
  readonly successes: number;
  readonly trials: number;
}

/**
 * The z test of two equal shares, two-sided: z = (p - q)/√(P(1-P)(1/n + 1/m)) with the pooled share P; its square is Pearson's chi-square.
 * The effect is p - q with the interval of `differenceOfShares`. For few trials prefer `fisherExact`.
 * Not testable: no trials on a side, only successes or only failures. RangeError unless 0 ≤ successes ≤ trials are whole numbers.
 */
export const twoProportions = (first: Trials, second: Trials, confidence = 0.95): TestResult => {
  requireLevel('A confidence', confidence);
  const method = 'two proportions, z';
  const sizes = [first.trials, second.trials];
  const effect = differenceOfShares(first, second, confidence);
  if (effect === undefined) return notTestable(method, sizes, `the ${first.trials === 0 ? 'first' : 'second'} side has no trials`);
  const pooled = (first.successes + second.successes) / (first.trials + second.trials);
  if (pooled === 0 || pooled === 1) return notTestable(method, sizes, `there are only ${pooled === 0 ? 'failures' : 'successes'}`);
  const statistic = effect.value / Math.sqrt(pooled * (1 - pooled) * (1 / first.trials + 1 / second.trials));
  return tested({ method, sizes, statistic, pValue: normalTwoSided(statistic), effect });
};

/**
 * First share minus second, with Newcombe's interval from the two Wilson intervals, which stays within [-1, 1]
 * (Newcombe 1998, Stat. Med. 17, 873-890, method 10). Undefined where a side has no trials. RangeError as `wilson`.
 */
export const differenceOfShares = (first: Trials, second: Trials, confidence = 0.95): Effect | undefined => {
  const [p, q] = [wilson(first.successes, first.trials, confidence), wilson(second.successes, second.trials, confidence)];
  if (p === null || q === null) return undefined;
  const [a, b] = [first.successes / first.trials, second.successes / second.trials];
  const low = a - b - Math.hypot(a - p.low, q.high - b);
  const high = a - b + Math.hypot(p.high - a, b - q.low);
  return { name: 'difference of shares, first - second', value: a - b, interval: { low, high, confidence } };
};
