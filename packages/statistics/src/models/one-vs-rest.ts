import type { Estimate } from '../estimate.ts';
import { averagePrecision } from '../ranking-scores.ts';
import { rocAucInterval } from './delong.ts';

export interface LabelAreas {
  readonly label: string;
  readonly support: number;
  readonly rocAuc: Estimate;
  readonly averagePrecision: number | null;
}

/** Means over the labels that have a value, plain and weighted by support; null where none has. */
export interface OneVsRestAreas {
  readonly classes: readonly LabelAreas[];
  readonly macro: { readonly rocAuc: number | null; readonly averagePrecision: number | null };
  readonly weighted: { readonly rocAuc: number | null; readonly averagePrecision: number | null };
}

export interface ScoredLabels {
  readonly actual: readonly string[];
  /** A row per actual label, in the order of `labels`; higher for likelier. */
  readonly scores: readonly (readonly number[])[];
  readonly labels: readonly string[];
  readonly confidence?: number;
}

/**
 * The areas under the curves of each label against all others, with DeLong's interval for the ROC curve.
 * Source: Provost and Domingos 2001 for the weighted mean. RangeError for unequal lengths, a label twice or not among `labels`, or a score
 * that is not finite.
 */
export const oneVsRestAreas = ({ actual, scores, labels, confidence = 0.95 }: ScoredLabels): OneVsRestAreas => {
  if (labels.length === 0 || new Set(labels).size < labels.length) throw new RangeError('Areas need one label or more, each once');
  if (actual.length !== scores.length) throw new RangeError(`${actual.length} actual labels, but ${scores.length} rows of scores`);
  for (const [i, row] of scores.entries()) {
    if (!labels.includes(actual[i]!))
      throw new RangeError(`Row ${i} has the label ${JSON.stringify(actual[i])}, which is not among the labels`);
    if (row.length !== labels.length) throw new RangeError(`Row ${i} has ${row.length} scores for ${labels.length} labels`);
  }
  const classes = labels.map((label, column): LabelAreas => {
    const positive = actual.map((value) => value === label);
    const ranked = { positive, scores: scores.map((row) => row[column]!) };
    const support = positive.filter(Boolean).length;
    return { label, support, rocAuc: rocAucInterval(ranked, confidence), averagePrecision: averagePrecision(ranked) };
  });
  const means = (weightOf: (c: LabelAreas) => number) => ({
    rocAuc: mean(classes.map((c) => ({ value: c.rocAuc.value, weight: weightOf(c) }))),
    averagePrecision: mean(classes.map((c) => ({ value: c.averagePrecision, weight: weightOf(c) }))),
  });
  return { classes, macro: means(() => 1), weighted: means((c) => c.support) };
};

const mean = (values: readonly { value: number | null; weight: number }[]): number | null => {
  const known = values.filter(({ value }) => value !== null);
  const total = known.reduce((sum, { weight }) => sum + weight, 0);
  return total === 0 ? null : known.reduce((sum, { value, weight }) => sum + weight * value!, 0) / total;
};
