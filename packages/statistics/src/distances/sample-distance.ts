import { type Pool, pool, type Sample } from '../tests/pool.ts';
import type { Distance } from './count-distance.ts';

export type SampleDistanceName = 'wasserstein' | 'energy';

export interface SampleDistanceOptions {
  /** The unit: the standard deviation (divisor N) of both samples together, the default, or the samples' own. */
  readonly scale?: 'pooled' | 'raw' | undefined;
}

const conventions: Record<SampleDistanceName, { pooled: string; raw: string }> = {
  wasserstein: { pooled: 'in pooled standard deviations', raw: "in the samples' unit" },
  energy: {
    pooled: '√(2 ∫ (F - G)² dx), in roots of pooled standard deviations',
    raw: "√(2 ∫ (F - G)² dx), in roots of the samples' unit",
  },
};

/**
 * A distance between two samples of numbers: Wasserstein's ∫ |F - G| dx, or the energy distance √(2 ∫ (F - G)² dx), by default
 * free of unit. Both are metrics and 0 only for equal shares at each value. Sources: Vallender 1974; Székely and Rizzo 2013. O(N log N).
 * Undefined for an empty sample. RangeError for values that are not finite.
 */
export const distanceOfSamples = <Name extends SampleDistanceName>(
  name: Name,
  [first, second]: readonly [Sample, Sample],
  { scale = 'pooled' }: SampleDistanceOptions = {},
): Distance<Name> | undefined => {
  const both = pool([first, second]);
  if (both.sizes.includes(0)) return undefined;
  return {
    name,
    convention: conventions[name][scale],
    value: sampleDistanceValue(name, both, scale === 'raw' ? 1 : pooledDeviation(both)),
  };
};

/** In `unit`; 0 where there is but one value. */
export const sampleDistanceValue = (name: SampleDistanceName, { sizes: [n, m], counts: [a, b], values }: Pool, unit: number): number => {
  let [i, j, sum] = [0, 0, 0];
  for (let at = 0; at + 1 < values.length; at++) {
    i += a![at]!;
    j += b![at]!;
    // A whole number over n·m: no trace is left where both are equal.
    const difference = Math.abs(i * m! - j * n!) / (n! * m!);
    sum += ((values[at + 1]! - values[at]!) / unit) * (name === 'energy' ? 2 * difference * difference : difference);
  }
  return name === 'energy' ? Math.sqrt(sum) : sum;
};

/** The standard deviation of both samples together, with their number as divisor. */
export const pooledDeviation = ({ sizes: [n, m], counts: [a, b], values }: Pool): number => {
  const mean = values.reduce((sum, value, at) => sum + value * (a![at]! + b![at]!), 0) / (n! + m!);
  return Math.sqrt(values.reduce((sum, value, at) => sum + (value - mean) ** 2 * (a![at]! + b![at]!), 0) / (n! + m!));
};
