import { type Estimate, notEstimable } from '../estimate.ts';
import { type CbpeReference, cbpeConfidence, estimateBinaryPerformance, type PerformanceEstimate } from './cbpe.ts';
import { confusionEstimate, type ConfusionCounts, spreadOf } from './expected-confusion.ts';

const averaged = ['precision', 'recall', 'f1', 'specificity', 'rocAuc'] as const;

export interface UnlabelledClassRows {
  /** A row of calibrated probabilities per prediction, in the order of `labels`, summing to 1. */
  readonly probabilities: readonly (readonly number[])[];
  readonly predicted: readonly string[];
  readonly labels: readonly string[];
  /** Each label against the others, in their order, and the share of reference rows that were right. */
  readonly reference?: { readonly accuracy: number; readonly classes: readonly CbpeReference[] };
  readonly confidence?: number;
}

export interface ClassPerformanceEstimate {
  readonly rows: number;
  readonly accuracy: Estimate;
  readonly classes: readonly (PerformanceEstimate & { readonly label: string })[];
  /** Means over the labels that have a value. Their bands are the mean of the labels' bands, which is never too narrow for their own. */
  readonly macro: Readonly<Record<(typeof averaged)[number], Estimate>>;
}

/**
 * As `estimateBinaryPerformance`, each label against all others; accuracy is the mean probability of the predicted label.
 * RangeError as there, for a label that is not among `labels`, one that is listed twice, or rows that do not sum to 1.
 */
export const estimatePerformance = (given: UnlabelledClassRows): ClassPerformanceEstimate => {
  const { probabilities, predicted, labels, reference, confidence = cbpeConfidence } = given;
  checkRows(given);
  const rows = predicted.length;
  const classes = labels.map((label, k) => ({
    label,
    ...estimateBinaryPerformance({
      probabilities: probabilities.map((row) => row[k]!),
      predicted: predicted.map((said) => said === label),
      ...(reference && { reference: reference.classes[k]! }),
      confidence,
    }),
  }));
  const right = (share: number): ConfusionCounts => ({ tp: share, fp: 1 - share, fn: 0, tn: 0 });
  const expected = rows === 0 ? right(0) : right(Math.min(1, classes.reduce((sum, c) => sum + c.expected.tp, 0) / rows));
  const method = 'confidence-based performance estimation';
  const spread = spreadOf('accuracy', reference ? right(reference.accuracy) : expected);
  return {
    rows,
    accuracy:
      rows === 0
        ? notEstimable(method, [0], 'there are no rows')
        : confusionEstimate('accuracy', expected, { rows, spread, confidence, method }),
    classes,
    macro: Object.fromEntries(
      averaged.map((metric) => [
        metric,
        meanOf(
          classes.map((c) => c[metric]),
          { rows, confidence },
        ),
      ]),
    ) as Record<(typeof averaged)[number], Estimate>,
  };
};

const meanOf = (estimates: readonly Estimate[], { rows, confidence }: { rows: number; confidence: number }): Estimate => {
  const method = 'confidence-based performance estimation, macro mean';
  const values = estimates.flatMap(({ value }) => value ?? []);
  const intervals = estimates.flatMap(({ value, interval }) => (value === null || interval === null ? [] : interval));
  if (values.length === 0) return notEstimable(method, [rows], 'no label has a value');
  const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const value = mean(values);
  if (intervals.length < values.length) return { value, interval: null, method, sizes: [rows], why: 'a label has no band' };
  return {
    value,
    interval: { low: mean(intervals.map((i) => i.low)), high: mean(intervals.map((i) => i.high)), confidence },
    method,
    sizes: [rows],
  };
};

const checkRows = ({ probabilities, predicted, labels, reference }: UnlabelledClassRows): void => {
  if (labels.length < 2 || new Set(labels).size < labels.length) throw new RangeError('Performance needs two labels or more, each once');
  if (probabilities.length !== predicted.length) {
    throw new RangeError(`${probabilities.length} rows of probabilities, but ${predicted.length} predicted labels`);
  }
  if (reference && (reference.classes.length !== labels.length || !(reference.accuracy >= 0 && reference.accuracy <= 1))) {
    throw new RangeError('A reference holds one entry per label, and an accuracy from 0 to 1');
  }
  for (const [i, row] of probabilities.entries()) {
    if (!labels.includes(predicted[i]!))
      throw new RangeError(`Row ${i} has the label ${JSON.stringify(predicted[i])}, which is not among the labels`);
    if (row.length !== labels.length || Math.abs(row.reduce((a, b) => a + b, 0) - 1) > 1e-4) {
      throw new RangeError(`Row ${i} does not hold ${labels.length} probabilities that sum to 1`);
    }
  }
};
