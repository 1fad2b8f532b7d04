import { classificationMetrics, meanEstimate, proportion } from '@boucle/statistics';
import { macroF1 } from '../averages.ts';
import { type Metric, metric, shareEstimate } from '../metric.ts';
import type { Condition } from './find-weak-slices.ts';
import type { Feature } from './feature.ts';

/** How good a model is on some of the rows. */
export interface Slice extends Condition {
  readonly rows: number;
  readonly metrics: readonly Metric[];
}
export interface SlicedRows {
  readonly actual: readonly string[];
  readonly predicted: readonly string[];
  readonly labels: readonly string[];
  /** Of each row, where the model gave probabilities. */
  readonly losses?: Float64Array | undefined;
  readonly positive?: string | undefined;
  readonly confidence: number;
}

/** Accuracy, macro F1, log loss and the recall of the positive label on every part of a feature that has rows. */
export const sliceMetrics = (rows: SlicedRows, { column, parts, codes }: Feature): Slice[] =>
  parts.flatMap((is, part) => {
    const chosen = [...codes.keys()].filter((row) => codes[row] === part);
    return chosen.length === 0 ? [] : [{ column, is, rows: chosen.length, metrics: metricsOn(chosen, rows) }];
  });

const metricsOn = (chosen: readonly number[], { actual, predicted, labels, losses, positive, confidence }: SlicedRows): Metric[] => {
  const pick = (all: readonly string[]): string[] => chosen.map((row) => all[row]!);
  const { accuracy, classes, confusion } = classificationMetrics({ actual: pick(actual), predicted: pick(predicted), labels, confidence });
  const wanted = classes.find(({ label }) => label === positive);
  const f1 = macroF1(confusion.counts);
  return [
    metric('accuracy', shareEstimate(accuracy)),
    metric('f1_macro', {
      value: f1,
      interval: null,
      method: 'mean over labels',
      sizes: [chosen.length],
      why: 'a slice says it without one',
    }),
    ...(wanted ? [metric('recall', shareEstimate(proportion(wanted.recall.successes, wanted.support, confidence)), wanted.label)] : []),
    ...(losses
      ? [
          metric(
            'log_loss',
            meanEstimate(
              Float64Array.from(chosen, (row) => losses[row]!),
              { method: 'mean of −ln p, Student', confidence, low: 0 },
            ),
          ),
        ]
      : []),
  ];
};
