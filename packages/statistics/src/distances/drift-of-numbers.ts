import { kolmogorovSmirnov } from '../tests/kolmogorov-smirnov.ts';
import { pool } from '../tests/pool.ts';
import { countsWithoutMeaning, twoCounts } from '../tests/two-counts.ts';
import { type Bins, type Cell, countInBins, finite, referenceBins } from './bins.ts';
import { type CountDistanceName, countDistances } from './count-distance.ts';
import { type CalibratedDistance, type Drift, type DriftOptions, driftSettings, judged, untested } from './drift.ts';
import { calibrated } from './drift-of-counts.ts';
import { distanceOfSamples, type SampleDistanceName } from './sample-distance.ts';
import { samplePermutations } from './sample-permutations.ts';
import { permutedThreshold } from './thresholds.ts';

export interface NumberDriftOptions extends DriftOptions {
  /** wasserstein unless said. */
  readonly distance?: SampleDistanceName | CountDistanceName | undefined;
  /** For a distance of counts: cells fixed beforehand; by default bins at the deciles of both samples together. */
  readonly bins?: Bins | undefined;
}

export interface NumberDrift extends Drift {
  /** Values of reference and current that are missing or infinite: they take no part in the test, and want a check of their own. */
  readonly leftOut: readonly [number, number];
}

/**
 * Whether the numbers of a reference and a current sample follow one law. The test is Kolmogorov's and Smirnov's over the finite values;
 * the effect is the largest difference of cumulative shares, 0 to 1. A distance of samples has its threshold by random exchanges (199 unless said);
 * a distance of counts is over bins, in which missing values, -∞ and +∞ are cells of their own. Both sides are treated alike.
 * RangeError for options out of range.
 */
export const driftOfNumbers = (reference: ArrayLike<Cell>, current: ArrayLike<Cell>, options: NumberDriftOptions = {}): NumberDrift => {
  const name = options.distance ?? 'wasserstein';
  const settings = driftSettings(options, isOfCounts(name) ? 1999 : 199);
  const [x, y] = [finite(reference), finite(current)];
  const leftOut = [reference.length - x.length, current.length - y.length] as const;
  const test = kolmogorovSmirnov(x, y, { confidence: 1 - settings.alpha });
  if (!test.testable) return { ...untested(test, settings), leftOut };
  const distance = isOfCounts(name)
    ? binnedDistance(name, [reference, current], { bins: options.bins, settings })
    : sampleDistance(name, [x, y], settings);
  if (distance === undefined) return { ...untested(test, settings), leftOut };
  return { ...judged({ test, effect: test.effect!, distance, settings }), leftOut };
};

const isOfCounts = (name: string): name is CountDistanceName => Object.hasOwn(countDistances, name);

const sampleDistance = (
  name: SampleDistanceName,
  samples: readonly [Float64Array, Float64Array],
  settings: Drift['settings'],
): CalibratedDistance => ({
  ...distanceOfSamples(name, samples)!,
  threshold: permutedThreshold(samplePermutations(name, pool(samples), settings), settings.alpha),
});

const binnedDistance = (
  name: CountDistanceName,
  [reference, current]: readonly [ArrayLike<Cell>, ArrayLike<Cell>],
  { bins, settings }: { bins: Bins | undefined; settings: Drift['settings'] },
): CalibratedDistance | undefined => {
  const fixed = bins ?? referenceBins([...Array.from(reference), ...Array.from(current)]);
  const counts = twoCounts(countInBins(fixed, reference), countInBins(fixed, current));
  return countsWithoutMeaning(counts) === undefined ? calibrated(name, counts, settings) : undefined;
};
