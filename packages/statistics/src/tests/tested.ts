import type { Tested } from '../result.ts';

/** A finished test. A p value is never 0: what is too small for a double is given as the smallest double. */
export const tested = (result: Omit<Tested, 'testable'>): Tested => ({
  testable: true,
  ...result,
  pValue: Math.min(1, Math.max(result.pValue, Number.MIN_VALUE)),
});

/** RangeError unless 0 < level < 1. */
export const requireLevel = (name: string, level: number): void => {
  if (!(level > 0 && level < 1)) throw new RangeError(`${name} lies strictly between 0 and 1, not ${level}`);
};

/** RangeError unless `draws` is a whole number from 1 on. */
export const requireDraws = (draws: number): void => {
  if (!Number.isSafeInteger(draws) || draws < 1)
    throw new RangeError(`A permutation test needs a whole number of draws from 1 on, not ${draws}`);
};
