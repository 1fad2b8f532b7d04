import { invalid } from '@boucle/contract';
import { type ClassifierEvaluation, evaluateClassifier, type Metric, type SliceColumns } from '@boucle/models';

interface Predictions {
  readonly actual: readonly string[];
  readonly predicted: readonly string[];
  /** In the order of the model's labels. */
  readonly probabilities: readonly (readonly number[])[];
  readonly labels: readonly string[];
  readonly positive: string;
  /** What rows are sliced by, and which of it tells groups that ought to be treated alike. */
  readonly columns?: SliceColumns;
  readonly fairFor?: readonly string[];
}
interface Judgement {
  metrics: Record<string, number>;
  intervals: Record<string, [low: number, high: number]>;
  labels: string[];
  confusion?: number[][];
  rows: number;
  evaluation: ClassifierEvaluation;
}
const mostLabelsShown = 100;

/** Every metric that these predictions allow. One that is not defined on them (no row of a label, no rows at all) is left out. */
export const judge = ({ positive, labels: known, columns = {}, fairFor = [], ...given }: Predictions): Judgement => {
  const { actual } = given;
  const occurring = new Set([...known, ...actual]);
  if (positive && !occurring.has(positive)) {
    throw invalid(
      `The positive label "${positive}" does not occur; the labels are ${[...occurring].slice(0, 10).join(', ')}`,
      'unknown_label',
    );
  }
  if (fairFor.length > 0 && !positive)
    throw invalid('Groups are compared by how often they get a label: name it as "positive"', 'positive_missing');
  const evaluation = evaluateClassifier({ ...given, labels: known, ...(positive && { positive }) }, { columns, fairFor });
  return {
    ...named(evaluation.metrics),
    labels: [...evaluation.labels],
    ...(evaluation.labels.length <= mostLabelsShown && { confusion: evaluation.confusion.map((row) => [...row]) }),
    rows: evaluation.rows,
    evaluation,
  };
};

/** Metrics by plain names, those of a label as `recall_<label>`. A label called `macro` does not hide the average. */
export const named = (all: readonly Metric[]): Pick<Judgement, 'metrics' | 'intervals'> => {
  const metrics: Record<string, number> = {};
  const intervals: Judgement['intervals'] = {};
  for (const { name, of, value, interval } of all) {
    const plain = of === undefined ? name : `${name}_${inName(of)}`;
    if (value === null || Object.hasOwn(metrics, plain)) continue;
    metrics[plain] = value;
    if (interval) intervals[plain] = [interval.low, interval.high];
  }
  return { metrics, intervals };
};

/** Labels are free text; names of metrics are what MLflow allows. */
const inName = (label: string): string => label.replaceAll(/[^\w. -]/g, '_');
