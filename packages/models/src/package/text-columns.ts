import type { Columns, Signature } from '@boucle/contract';
import { checkInput } from '../check-input.ts';
import type { TextClassifier } from '../text-classifier.ts';

/** What a text classifier takes and gives. `probabilities` are in the order of the labels. */
export const textSignature = (labels: readonly string[]): Signature => ({
  inputs: [{ name: 'text', datatype: 'BYTES', shape: [-1] }],
  outputs: [
    { name: 'label', datatype: 'BYTES', shape: [-1] },
    { name: 'score', datatype: 'FP64', shape: [-1] },
    { name: 'probabilities', datatype: 'FP64', shape: [-1, labels.length] },
  ],
});

/** Makes a text classifier predict by column, as its signature says. */
export const columnPredictor = ({ labels, predict }: TextClassifier): ((columns: Columns) => Columns) => {
  const signature = textSignature(labels);
  return (columns) => {
    checkInput(signature, columns);
    const predictions = predict(columns['text'] as readonly string[]);
    return {
      label: predictions.map(({ label }) => label),
      score: predictions.map(({ score }) => score),
      probabilities: predictions.map(({ scores }) => scores),
    };
  };
};
