import { agreement, classificationMetrics, type Ranked } from '@boucle/statistics';
import { areaMetrics, macroArea } from './area-metrics.ts';
import { averages } from './averages.ts';
import { type Curves, curvesOf } from './curves.ts';
import { type Fairness, fairness } from './fairness.ts';
import { labelMetrics } from './label-metrics.ts';
import { type Metric, metric, shareEstimate } from './metric.ts';
import { probabilityMetrics, rowLosses } from './probability-metrics.ts';
import type { SliceColumns } from './slices/feature.ts';
import { featuresOf } from './slices/features-of.ts';
import { findWeakSlices, type SliceOptions, type SliceSearch } from './slices/find-weak-slices.ts';
import { type Slice, sliceMetrics } from './slices/slice-metrics.ts';

export interface ClassifiedRows {
  readonly actual: readonly string[];
  readonly predicted: readonly string[];
  /** In the order of the labels; without them nothing is said of ranking, loss and calibration. */
  readonly probabilities?: readonly (readonly number[])[];
  /** The model's. Others that occur are added behind them. */
  readonly labels: readonly string[];
  /** The label that is looked for. With two labels and none given, rows are ranked by the second. */
  readonly positive?: string;
}
export interface EvaluationOptions extends SliceOptions {
  /** What rows are sliced by. */
  readonly columns?: SliceColumns;
  /** Columns whose values are groups that ought to be treated alike; they need `positive`. */
  readonly fairFor?: readonly string[];
}
export interface ClassifierEvaluation {
  readonly rows: number;
  readonly labels: readonly string[];
  /** Those without a meaning on these rows have the value null, and say why. */
  readonly metrics: readonly Metric[];
  /** `confusion[i][j]`: rows of label i that were said to be label j. */
  readonly confusion: readonly (readonly number[])[];
  /** Of the positive label, or of each of at most ten. */
  readonly curves: readonly Curves[];
  readonly slices: readonly Slice[];
  readonly search: SliceSearch;
  readonly fairness: readonly Fairness[];
}

/** Labels that are spoken of one by one, and those that get curves. */
const mostLabels = 100;
const mostCurves = 10;

/**
 * All that rows with known labels say of a classifier: every metric with its interval, curves, calibration, slices and where it is weak on
 * them, differences between groups. The same rows give the same numbers. Scores of slices are losses in nats where there are probabilities,
 * else errors. RangeError for unequal lengths, probabilities that are none, or groups without a positive label.
 */
export const evaluateClassifier = (given: ClassifiedRows, options: EvaluationOptions = {}): ClassifierEvaluation => {
  const { confidence = 0.95, columns = {}, fairFor = [], ...search } = options;
  const { actual, predicted, probabilities, positive } = given;
  const labels = [...given.labels, ...[...new Set([...actual, ...predicted])].filter((label) => !given.labels.includes(label)).sort()];
  const { accuracy, classes, confusion } = classificationMetrics({ actual, predicted, labels, confidence });
  // A label that the model never saw has no probability, hence no loss.
  const forecast = probabilities && labels.length === given.labels.length ? { actual, probabilities, labels } : undefined;
  const losses = forecast && rowLosses(forecast);
  const ranked = probabilities ? rankings(given, probabilities) : [];
  const features = featuresOf(columns);
  const sliced = { actual, predicted, labels, losses, positive, confidence };
  return {
    rows: actual.length,
    labels,
    metrics: [
      metric('accuracy', shareEstimate(accuracy)),
      ...agreementMetrics({ labels, counts: confusion.counts }, confidence),
      ...averages(confusion.counts, confidence),
      ...(labels.length <= mostLabels ? labelMetrics(classes, confidence) : []),
      ...(forecast ? probabilityMetrics(forecast, confidence) : []),
      ...rankingMetricsOf(ranked, confidence),
    ],
    confusion: confusion.counts,
    curves: ranked.length <= mostCurves ? ranked.map(({ label, ...one }) => curvesOf(label, one, confidence)) : [],
    slices: features.flatMap((feature) => sliceMetrics(sliced, feature)),
    search: findWeakSlices(losses ?? errorsOf(given), features, { ...search, confidence }),
    fairness: fairFor.map((column) => fairnessBy(column, { ...given, groups: columns[column], confidence })),
  };
};

interface LabelRanked extends Ranked {
  readonly label: string;
}

/** By the label that is looked for, else by the second of two, else by each of those that may be spoken of. */
const rankings = ({ actual, labels, positive }: ClassifiedRows, probabilities: readonly (readonly number[])[]): LabelRanked[] => {
  const wanted = positive !== undefined ? [positive] : labels.length === 2 ? labels.slice(1) : labels.slice(0, mostLabels);
  return wanted.flatMap((label) => {
    const column = labels.indexOf(label);
    if (column < 0) return [];
    return [{ label, positive: actual.map((is) => is === label), scores: probabilities.map((row) => row[column]!) }];
  });
};

const rankingMetricsOf = (ranked: readonly LabelRanked[], confidence: number): Metric[] =>
  ranked.length === 1
    ? areaMetrics(ranked[0]!, confidence)
    : [...ranked.flatMap((one) => areaMetrics(one, confidence, one.label)), ...(ranked.length > 0 ? [macroArea(ranked, confidence)] : [])];

const agreementMetrics = (confusion: Parameters<typeof agreement>[0], confidence: number): Metric[] => {
  const { balancedAccuracy, kappa } = agreement(confusion, confidence);
  return [metric('balanced_accuracy', balancedAccuracy), metric('kappa', kappa)];
};

const errorsOf = ({ actual, predicted }: ClassifiedRows): Float64Array =>
  Float64Array.from(actual, (label, row) => (predicted[row] === label ? 0 : 1));

const fairnessBy = (
  column: string,
  { actual, predicted, positive, groups, confidence }: ClassifiedRows & { groups: SliceColumns[string] | undefined; confidence: number },
): Fairness => {
  if (positive === undefined) throw new RangeError('Groups are compared by a positive label; name it');
  if (groups === undefined) throw new RangeError(`There is no column "${column}" to tell groups by`);
  return fairness({ actual, predicted, positive, column, groups, confidence });
};
