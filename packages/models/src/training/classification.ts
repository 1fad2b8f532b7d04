import { invalid } from '@boucle/contract';
import { type ClassWeight, weightsOfLabels } from '../option-checks.ts';
import type { TextRows } from '../training-rows.ts';
import type { Validation } from './fit.ts';

/** What a row of each class weighs in the loss, in the order of the labels. */
export const classWeights = (labels: readonly string[], rowLabels: readonly string[], classWeight: ClassWeight): number[] => {
  const counts = new Map(labels.map((label) => [label, 0]));
  for (const label of rowLabels) counts.set(label, counts.get(label)! + 1);
  const weights = weightsOfLabels(classWeight, counts);
  return labels.map((label) => weights.get(label)!);
};

/** Refuses rows to validate on that say nothing about a model with these labels. */
export const requireValidationRows = ({ texts, labels: rowLabels }: TextRows, labels: readonly string[]): void => {
  if (texts.length === 0 || texts.length !== rowLabels.length) {
    throw invalid(`There are ${texts.length} texts and ${rowLabels.length} labels to validate on`, 'no_rows');
  }
  const known = new Set(labels);
  const other = rowLabels.find((label) => !known.has(label));
  if (other === undefined) return;
  throw invalid(`The validation rows have the label ${JSON.stringify(other)}, which no row to train on has`, 'unknown_label');
};

/** The mean loss, which judges probabilities and not labels alone; less is better. `classes` are places in the list of labels. */
export const validationOf = (logits: readonly Float32Array[], classes: readonly number[]): Validation => {
  let [loss, right] = [0, 0];
  for (const [row, values] of logits.entries()) {
    const most = Math.max(...values);
    loss += most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0)) - values[classes[row]!]!;
    if (values.indexOf(most) === classes[row]) right++;
  }
  const metrics = { validation_loss: loss / logits.length, validation_accuracy: right / logits.length };
  return { score: -metrics.validation_loss, metrics };
};
