import { type Columns, type Explanation, invalid, type Signature } from '@boucle/contract';
import { checkInput } from '../check-input.ts';
import type { TextExplainOptions, TextExplanation } from '../explain/text-explanation.ts';
import type { TextClassifier } from '../text-classifier.ts';
import type { ExplainOptions, Predictor } from './approach.ts';

/** What a text classifier takes and gives. `probabilities` are in the order of the labels. */
export const textSignature = (labels: readonly string[]): Signature => ({
  inputs: [{ name: 'text', datatype: 'BYTES', shape: [-1] }],
  outputs: [
    { name: 'label', datatype: 'BYTES', shape: [-1] },
    { name: 'score', datatype: 'FP64', shape: [-1] },
    { name: 'probabilities', datatype: 'FP64', shape: [-1, labels.length] },
  ],
});

/** A classifier that can say why, for one text after the other. */
export interface ExplainedClassifier extends TextClassifier {
  readonly explain?: (text: string, options: TextExplainOptions) => Promise<TextExplanation>;
}

/** Makes a text classifier predict by column, as its signature says. */
export const textPredictor = ({ labels, predict, close, explain }: ExplainedClassifier): Predictor => {
  const signature = textSignature(labels);
  return {
    signature,
    close,
    predict: async (columns) => {
      checkInput(signature, columns);
      const predictions = await predict(columns['text'] as readonly string[]);
      return {
        label: predictions.map(({ label }) => label),
        score: predictions.map(({ score }) => score),
        probabilities: predictions.map(({ scores }) => scores),
      };
    },
    ...(explain && { explain: (columns: Columns, options?: ExplainOptions) => explainTexts({ labels, explain }, columns, options) }),
  };
};

const explainTexts = async (
  { labels, explain }: Required<Pick<ExplainedClassifier, 'labels' | 'explain'>>,
  columns: Columns,
  options: ExplainOptions = {},
): Promise<Explanation[]> => {
  checkInput(textSignature(labels), columns);
  if (options.label !== undefined && !labels.includes(options.label)) {
    throw invalid(`The model knows no label "${options.label}"; it knows ${labels.slice(0, 10).join(', ')}`, 'unknown_label');
  }
  const explanations: Explanation[] = [];
  for (const text of columns['text'] as readonly string[]) {
    const { words, ...explanation } = await explain(text, options);
    explanations.push({
      ...explanation,
      contributions: words.map(({ span: [from, to], value }) => ({ column: 'text', span: [from, to], value })),
    });
  }
  return explanations;
};
