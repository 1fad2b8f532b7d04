/** One hypothesis of a family, in the order in which they were given. */
export interface Adjusted {
  /** The p value that the whole family allows it: rejected where it is at most the level. */
  readonly pValue: number;
  readonly rejected: boolean;
}

/**
 * Benjamini's and Hochberg's procedure: the expected share of false rejections among the rejected is at most `level`,
 * for independent or positively dependent tests. Adjusted p: min over j ≥ i of K p₍ⱼ₎/j (Benjamini and Hochberg 1995, section 3.1).
 * RangeError unless each p lies within [0, 1] and 0 < level < 1.
 */
export const benjaminiHochberg = (pValues: readonly number[], level: number): Adjusted[] => {
  const order = ascending(pValues, level);
  const adjusted = new Float64Array(pValues.length);
  let least = 1;
  for (let rank = order.length; rank >= 1; rank--) {
    least = Math.min(least, pValues[order[rank - 1]!]! * (order.length / rank));
    adjusted[order[rank - 1]!] = least;
  }
  return Array.from(adjusted, (pValue) => ({ pValue, rejected: pValue <= level }));
};

/**
 * Holm's procedure: the chance of any false rejection is at most `level`, whatever the dependence.
 * Adjusted p: max over j ≤ i of (K + 1 - j) p₍ⱼ₎ (Holm 1979, Scand. J. Stat. 6). Errors as `benjaminiHochberg`.
 */
export const holm = (pValues: readonly number[], level: number): Adjusted[] => {
  const order = ascending(pValues, level);
  const adjusted = new Float64Array(pValues.length);
  let most = 0;
  for (const [index, at] of order.entries()) {
    most = Math.min(1, Math.max(most, pValues[at]! * (order.length - index)));
    adjusted[at] = most;
  }
  return Array.from(adjusted, (pValue) => ({ pValue, rejected: pValue <= level }));
};

/**
 * The e-BH procedure: rejects the i hypotheses with the largest e-values for the largest i with e₍ᵢ₎ ≥ K/(i · level); the expected share of
 * false rejections is at most `level` whatever the dependence, and at any stopping time of e-processes (Wang and Ramdas 2022, J. R. Stat. Soc. B 84).
 * Tells for each, in the order given, whether it is rejected. RangeError for an e-value below 0 or NaN, unless 0 < level < 1.
 */
export const eBenjaminiHochberg = (eValues: readonly number[], level: number): boolean[] => {
  requireRange(level > 0 && level < 1, `A level lies strictly between 0 and 1, not ${level}`);
  for (const e of eValues) requireRange(e >= 0, `An e-value is a number from 0 on, not ${e}`);
  const descending = [...eValues].sort((a, b) => b - a);
  const rejections = descending.findLastIndex((e, i) => e >= eValues.length / ((i + 1) * level)) + 1;
  return eValues.map((e) => rejections > 0 && e >= descending[rejections - 1]!);
};

const ascending = (pValues: readonly number[], level: number): number[] => {
  requireRange(level > 0 && level < 1, `A level lies strictly between 0 and 1, not ${level}`);
  for (const p of pValues) requireRange(p >= 0 && p <= 1, `A p value lies within [0, 1], not ${p}; leave out tests that were not testable`);
  return [...pValues.keys()].sort((a, b) => pValues[a]! - pValues[b]!);
};

const requireRange = (holds: boolean, otherwise: string): void => {
  if (!holds) throw new RangeError(otherwise);
};
