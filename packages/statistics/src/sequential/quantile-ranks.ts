import { logAttribution } from './attribution.ts';
import { demandCount, demandFraction } from './demands.ts';

/** Which order statistics, counted from 1, bound a quantile; null where even the outermost value sets no bound. */
export interface Ranks {
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * The order statistics between which the p-quantile lies, at every n at once with probability 1 − α: with s of n values at or below
 * the quantile, the accepted counts are those whose attribution martingale (share p, a = 10p, b = 10(1 − p)) is below 1/α,
 * k_low to k_high, and the sequence is [X(k_low), X(k_high + 1)]. Ties need no jitter: breaking them would not move a closed interval.
 * Source: Howard, Ramdas 2022 (1906.09712), with the boundary of Lindon, Malek 2020 (2011.03567). RangeError unless 0 < p, α < 1, n ≥ 0.
 */
export const quantileRanks = (n: number, p: number, alpha = 0.05): Ranks => {
  demandCount('n', n);
  demandFraction('p', p);
  demandFraction('alpha', alpha);
  const level = -Math.log(alpha);
  const isKept = (s: number) => logAttribution({ canary: s, baseline: n - s }, { share: p }) < level;
  const centre = Math.round(n * p);
  const low = lastTrue(centre, (steps) => isKept(centre - steps));
  const high = lastTrue(n - centre, (steps) => isKept(centre + steps));
  return { low: centre - low === 0 ? null : centre - low, high: centre + high === n ? null : centre + high + 1 };
};

/** The largest whole number up to `limit` that still holds, where 0 does and none does after one that does not. */
const lastTrue = (limit: number, holds: (steps: number) => boolean): number => {
  let inside = 0;
  let outside = limit + 1;
  while (outside - inside > 1) {
    const middle = Math.floor((inside + outside) / 2);
    if (holds(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
};
