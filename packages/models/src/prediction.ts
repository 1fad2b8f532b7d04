import { invalid } from '@boucle/contract';
import type { TextPrediction } from './text-classifier.ts';

/** Probabilities by softmax of a row of logits, and the label that has the greatest; of equal ones the first. */
export const predictionOf = (labels: readonly string[], logits: ArrayLike<number>): TextPrediction => {
  if (logits.length !== labels.length) {
    throw invalid(`The model has ${logits.length} numbers for a text, and there are ${labels.length} labels`, 'wrong_outputs');
  }
  const values = Array.from(logits);
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const shares = values.map((value) => Math.exp(value - most));
  const total = shares.reduce((a, b) => a + b, 0);
  const scores = shares.map((share) => share / total);
  const best = values.indexOf(most);
  return { label: labels[best]!, score: scores[best]!, scores };
};
