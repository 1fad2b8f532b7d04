import { type Proportion, proportion } from './proportion.ts';

export interface ClassMetrics {
  readonly label: string;
  /** Rows that are of this label, and rows that were said to be. */
  readonly support: number;
  readonly predicted: number;
  readonly precision: Proportion;
  readonly recall: Proportion;
  /** Null for a label that neither occurs nor is predicted. */
  readonly f1: number | null;
}

/** Null where there are no rows. */
export interface AverageMetrics {
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
}

export interface ClassificationMetrics {
  readonly rows: number;
  readonly accuracy: Proportion;
  readonly classes: readonly ClassMetrics[];
  readonly macro: AverageMetrics;
  readonly weighted: AverageMetrics;
  /** `counts[i][j]`: rows of label i that were said to be label j. */
  readonly confusion: { readonly labels: readonly string[]; readonly counts: readonly (readonly number[])[] };
}

export interface Classified {
  readonly actual: readonly string[];
  readonly predicted: readonly string[];
  readonly labels: readonly string[];
  readonly confidence?: number;
}

/**
 * How well labels were predicted, with tp, fp, fn counted per label:
 * precision tp/(tp + fp), recall tp/(tp + fn), f1 2tp/(2tp + fp + fn), accuracy Σtp/rows. Without unit, within [0, 1].
 * Shares carry Wilson intervals; f1 has none, for it is no share of independent trials.
 * `macro` is the mean over labels that occur or are predicted, `weighted` weighs it by support. In both, what is undefined counts as 0,
 * as scikit-learn's zero_division=0 does. Source: Sokolova and Lapalme 2009, tables 2 and 3.
 * RangeError for unequal lengths, a label that is not among `labels`, a repeated label or none.
 */
export const classificationMetrics = ({ actual, predicted, labels, confidence = 0.95 }: Classified): ClassificationMetrics => {
  const counts = countPairs({ actual, predicted, labels });
  const classes = labels.map((label, i): ClassMetrics => {
    const hits = counts[i]![i]!;
    const support = sum(counts[i]!);
    const said = sum(counts.map((row) => row[i]!));
    return {
      label,
      support,
      predicted: said,
      precision: proportion(hits, said, confidence),
      recall: proportion(hits, support, confidence),
      f1: support + said === 0 ? null : (2 * hits) / (support + said),
    };
  });
  return {
    rows: actual.length,
    accuracy: proportion(sum(classes.map((c) => c.recall.successes)), actual.length, confidence),
    classes,
    macro: average(classes, (c) => (c.support + c.predicted > 0 ? 1 : 0)),
    weighted: average(classes, (c) => c.support),
    confusion: { labels, counts },
  };
};

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

const countPairs = ({ actual, predicted, labels }: Classified): number[][] => {
  if (labels.length === 0) throw new RangeError('At least one label is needed');
  if (actual.length !== predicted.length) throw new RangeError(`${actual.length} actual labels, but ${predicted.length} predicted ones`);
  const position = new Map(labels.map((label, i) => [label, i]));
  if (position.size < labels.length) throw new RangeError('A label is listed twice');
  const positionOf = (label: string, row: number): number => {
    const i = position.get(label);
    if (i === undefined) throw new RangeError(`Row ${row} has the label ${JSON.stringify(label)}, which is not among the labels`);
    return i;
  };
  const counts = labels.map(() => labels.map(() => 0));
  for (let row = 0; row < actual.length; row++) counts[positionOf(actual[row]!, row)]![positionOf(predicted[row]!, row)]! += 1;
  return counts;
};

const average = (classes: readonly ClassMetrics[], weightOf: (c: ClassMetrics) => number): AverageMetrics => {
  const total = sum(classes.map(weightOf));
  const mean = (valueOf: (c: ClassMetrics) => number | null): number | null =>
    total === 0 ? null : sum(classes.map((c) => weightOf(c) * (valueOf(c) ?? 0))) / total;
  return { precision: mean((c) => c.precision.value), recall: mean((c) => c.recall.value), f1: mean((c) => c.f1) };
};
