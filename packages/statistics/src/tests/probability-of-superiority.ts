import type { Effect } from '../result.ts';
import { normalQuantile } from '../normal-quantile.ts';
import { type Pool, pool, type Sample } from './pool.ts';
import { requireLevel } from './tested.ts';

/**
 * The common language effect size: θ = P(second > first) + ½ P(equal), ½ where neither tends to be larger; 0 to 1, without unit.
 * The interval holds the θ with (θ - θ̂)² ≤ z² V(θ), V(θ) = θ(1-θ)/(nm) · (1 + (N/2 - 1)((1-θ)/(2-θ) + θ/(1+θ))),
 * which stays open where all values of one sample are above the other's. Sources: McGraw and Wong 1992; Newcombe 2006,
 * Stat. Med. 25, method 5. Undefined where a sample is empty. RangeError for values that are not finite.
 */
export const probabilityOfSuperiority = (first: Sample, second: Sample, confidence = 0.95): Effect | undefined => {
  requireLevel('A confidence', confidence);
  const both = pool([first, second]);
  return both.sizes.includes(0) ? undefined : superiority(both, confidence);
};

export const superiority = ({ sizes: [n, m], counts: [a, b], values }: Pool, confidence: number): Effect => {
  let pairs = 0;
  let below = 0;
  for (let at = 0; at < values.length; at++) {
    pairs += b![at]! * (below + a![at]! / 2);
    below += a![at]!;
  }
  const value = pairs / (n! * m!);
  const z = normalQuantile((1 + confidence) / 2);
  const outside = (theta: number): boolean => {
    const spread = 1 + ((n! + m!) / 2 - 1) * ((1 - theta) / (2 - theta) + theta / (1 + theta));
    return (theta - value) ** 2 > (z * z * theta * (1 - theta) * spread) / (n! * m!);
  };
  const interval = { low: edge(value, 0, outside), high: edge(value, 1, outside), confidence };
  return { name: 'probability that the second exceeds the first', value, interval };
};

/** Halves its way from the value, which is inside, towards an end of the scale. */
const edge = (value: number, end: number, outside: (theta: number) => boolean): number => {
  let [inside, beyond] = [value, end];
  for (let i = 0; i < 60; i++) {
    const middle = (inside + beyond) / 2;
    if (outside(middle)) beyond = middle;
    else inside = middle;
  }
  return inside === value ? value : beyond;
};
