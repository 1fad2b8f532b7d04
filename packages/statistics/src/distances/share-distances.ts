/** Shares of one sample in each cell. They are used as they are: not made to sum to one, nothing added to zeros. */
export type Shares = readonly number[];

const requireShares = (first: Shares, second: Shares): void => {
  if (first.length !== second.length) {
    throw new RangeError(`Both sides are shares of the same cells, not of ${first.length} and ${second.length}; give 0 for a missing one`);
  }
  for (const shares of [first, second])
    for (const share of shares)
      if (!(share >= 0 && share < Infinity)) throw new RangeError(`A share is a finite number from 0 on, not ${share}`);
};

const sumOver = (first: Shares, second: Shares, term: (p: number, q: number) => number): number => {
  requireShares(first, second);
  return Math.max(
    0,
    first.reduce((sum, p, c) => sum + term(p, second[c]!), 0),
  );
};

/** ln(p/q), where one side alone is empty a RangeError: the distance would be infinite. */
const logRatio = (p: number, q: number): number => {
  if (p === 0 || q === 0)
    throw new RangeError('This distance has no value where a share is 0 on one side; add to each cell first, e.g. 0.5 to each count');
  return Math.log(p / q);
};

/**
 * Population stability index: Σ (p - q) ln(p/q), natural logarithm, symmetric, from 0 on without bound (Jeffreys 1946).
 * RangeError for a share that is 0 on one side only, negative or not finite, and for lists of different length.
 */
export const psi = (first: Shares, second: Shares): number => sumOver(first, second, (p, q) => (p === q ? 0 : (p - q) * logRatio(p, q)));

/** Kullback's and Leibler's divergence of the first from the second: Σ p ln(p/q), natural logarithm, not symmetric. Errors as `psi`, save that p may be 0. */
export const kullbackLeibler = (first: Shares, second: Shares): number =>
  sumOver(first, second, (p, q) => (p === 0 ? 0 : p * logRatio(p, q)));

/**
 * Jensen's and Shannon's divergence: ½ Σ (p ln(p/m) + q ln(q/m)), m = (p + q)/2, natural logarithm, 0 to ln 2 (Lin 1991).
 * Its square root is a metric, the Jensen-Shannon distance; divided by ln 2 it is in base 2. RangeError for shares that cannot be.
 */
export const jensenShannonDivergence = (first: Shares, second: Shares): number =>
  sumOver(first, second, (p, q) => (halfTerm(p, p + q) + halfTerm(q, p + q)) / 2);

const halfTerm = (p: number, sum: number): number => (p === 0 ? 0 : p * Math.log((2 * p) / sum));

/** Hellinger's distance √(½ Σ (√p - √q)²), for shares of sum one √(1 - Σ √(pq)), 0 to 1. RangeError for shares that cannot be. */
export const hellinger = (first: Shares, second: Shares): number =>
  Math.sqrt(sumOver(first, second, (p, q) => (Math.sqrt(p) - Math.sqrt(q)) ** 2) / 2);

/** Total variation: ½ Σ |p - q|, the share that would have to move, 0 to 1. RangeError for shares that cannot be. */
export const totalVariation = (first: Shares, second: Shares): number => sumOver(first, second, (p, q) => Math.abs(p - q) / 2);

/** The largest |p - q|, 0 to 1. RangeError for shares that cannot be. */
export const lInfinity = (first: Shares, second: Shares): number => {
  requireShares(first, second);
  return first.reduce((largest, p, c) => Math.max(largest, Math.abs(p - second[c]!)), 0);
};
