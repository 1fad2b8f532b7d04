import { chiSquareTest } from '../tests/chi-square-test.ts';
import { cohenW } from '../tests/cohen-w.ts';
import { countPermutations } from '../tests/count-permutations.ts';
import { fisherExact } from '../tests/fisher-exact.ts';
import { type Counts, smallestExpected, type TwoCounts, twoCounts } from '../tests/two-counts.ts';
import { type CountDistanceName, distanceOfCounts, distanceValue } from './count-distance.ts';
import { type CalibratedDistance, type Drift, type DriftOptions, driftSettings, judged, untested } from './drift.ts';
import { nullThreshold, permutedThreshold } from './thresholds.ts';

export interface CountDriftOptions extends DriftOptions {
  /** jensen-shannon unless said. */
  readonly distance?: CountDistanceName | undefined;
}

/**
 * Whether the shares of categories differ between a reference and a current sample, given as counts over the same categories
 * (a category that one side lacks counts 0 there). The test is Pearson's chi-square of two samples; where a count below 5 is expected,
 * its permutation p, and for two categories Fisher's. Exchanges end once p is certain to be above alpha. The effect is Cohen's w. Both sides are treated alike.
 * Errors as `chiSquareTest`, and for options out of range.
 */
export const driftOfCounts = (reference: Counts, current: Counts, options: CountDriftOptions = {}): Drift => {
  const settings = driftSettings(options, 1999);
  const confidence = 1 - settings.alpha;
  const counts = twoCounts(reference, current);
  const few = smallestExpected(counts) < 5;
  const test =
    few && counts.first.length === 2
      ? fisherExact(counts.first, counts.second, confidence)
      : chiSquareTest(reference, current, { ...settings, enough: enoughFor(settings), confidence });
  const effect = cohenW(reference, current, confidence);
  if (!test.testable || effect === undefined) return untested(test, settings);
  return judged({ test, effect, settings, distance: calibrated(options.distance ?? 'jensen-shannon', counts, settings) });
};

/** Of so many, p is above alpha whatever else would come; a hundred tell it to a tenth. */
const enoughFor = ({ alpha, draws }: Drift['settings']): number => Math.max(100, Math.ceil(alpha * (draws + 1)));
/** A threshold is shown beside a distance and decides nothing: to a half of alpha it is known well enough. */
const thresholdDraws = ({ alpha, draws }: Drift['settings']): number => Math.min(draws, Math.max(499, Math.ceil(4 / alpha)));

/** The distance of two samples that both hold something, in at least two cells. */
export const calibrated = (name: CountDistanceName, counts: TwoCounts, settings: Drift['settings']): CalibratedDistance => {
  const { first, second, sizes } = counts;
  const byLaw = smallestExpected(counts) < 5 ? undefined : nullThreshold(name, { sizes, cells: first.length, alpha: settings.alpha });
  const threshold =
    byLaw ??
    permutedThreshold(
      countPermutations(counts, (a, b) => distanceValue(name, a, b), { ...settings, draws: thresholdDraws(settings) }),
      settings.alpha,
    );
  return { ...distanceOfCounts(name, first, second)!, threshold };
};
