import { invalid } from '@boucle/contract';
import { averagePrecision, brier, classificationMetrics, logLoss, type Proportion, rocAuc } from '@boucle/statistics';

interface Predictions {
  readonly actual: readonly string[];
  readonly predicted: readonly string[];
  /** In the order of the model's labels. */
  readonly probabilities: readonly (readonly number[])[];
  readonly labels: readonly string[];
  readonly positive: string;
}
interface Judgement {
  metrics: Record<string, number>;
  intervals: Record<string, [low: number, high: number]>;
  labels: string[];
  confusion?: number[][];
  rows: number;
}
const mostLabelsShown = 100;

/** Every metric that these predictions allow. One that is not defined on them (no row of a label, no rows at all) is left out. */
export const judge = ({ actual, predicted, probabilities, labels: known, positive }: Predictions): Judgement => {
  const labels = [...known, ...[...new Set(actual)].filter((label) => !known.includes(label)).sort()];
  if (positive && !labels.includes(positive)) {
    throw invalid(`The positive label "${positive}" does not occur; the labels are ${labels.slice(0, 10).join(', ')}`, 'unknown_label');
  }
  const judged: Judgement = { metrics: {}, intervals: {}, labels, rows: actual.length };
  const number = (name: string, value: number | null): void => {
    if (value !== null) judged.metrics[name] = value;
  };
  const share = (name: string, { value, interval }: Proportion): void => {
    number(name, value);
    if (interval) judged.intervals[name] = [interval.low, interval.high];
  };

  const { accuracy, macro, weighted, classes, confusion } = classificationMetrics({ actual, predicted, labels });
  share('accuracy', accuracy);
  number('f1_macro', macro.f1);
  number('f1_weighted', weighted.f1);
  if (labels.length <= mostLabelsShown) {
    for (const one of classes) {
      share(`precision_${inName(one.label)}`, one.precision);
      share(`recall_${inName(one.label)}`, one.recall);
      number(`f1_${inName(one.label)}`, one.f1);
    }
    judged.confusion = confusion.counts.map((row) => [...row]);
  }
  // A label that the model never saw has no probability, hence no loss.
  if (labels.length === known.length) {
    number('log_loss', logLoss({ actual, probabilities, labels }));
    number('brier', brier({ actual, probabilities, labels }));
  }
  const column = known.indexOf(positive || (known.length === 2 ? known[1]! : ''));
  if (column >= 0) {
    const ranked = { positive: actual.map((label) => label === known[column]), scores: probabilities.map((row) => row[column]!) };
    number('roc_auc', rocAuc(ranked));
    if (positive) number('average_precision', averagePrecision(ranked));
  }
  return judged;
};

/** Labels are free text; names of metrics are what MLflow allows. */
const inName = (label: string): string => label.replaceAll(/[^\w. -]/g, '_');
