import type { TextClassifier, TextClassifierParts } from '../text-classifier.ts';
import { createVectoriser } from '../text/vectoriser.ts';
import { placesOfTerms } from './term-places.ts';
import type { TextExplainOptions, TextExplanation } from './text-explanation.ts';
import { onWords, type Placed } from './words.ts';

/** Why a linear model says what it says of a text: `output` = `baseline` + the sum of the terms, but for rounding. */
export interface LinearExplanation {
  /** The decision value of the label before it becomes a probability, a logit. */
  readonly output: number;
  /** The bias: what is said of a text without known terms. */
  readonly baseline: number;
  /** Weight × value of each known term of the text. */
  readonly terms: readonly { readonly term: string; readonly value: number }[];
  /** The same by word: a term's share lies evenly on all its places, a pair's on both its words. */
  readonly words: readonly Placed[];
}

type Parts = Pick<TextClassifierParts, 'labels' | 'vocabulary' | 'sublinearTf' | 'idf' | 'biases' | 'weights'>;

/** Exact contributions of a linear classifier. With two labels the single logit is that of the second; of the first it is the negative. */
export const createLinearExplainer = ({ labels, vocabulary, sublinearTf, idf, biases, weights }: Parts) => {
  const vectorise = createVectoriser({ vocabulary, idf, sublinear: sublinearTf });
  const vectors = biases.length;
  return (text: string, label: string): LinearExplanation => {
    const column = labels.indexOf(label);
    const [vector, sign] = vectors === 1 ? [0, column === 1 ? 1 : -1] : [column, 1];
    const { size, columns, values } = vectorise(text);
    const terms = Array.from(columns.subarray(0, size), (term, i) => ({
      term: vocabulary.terms[term]!,
      value: sign * weights[term * vectors + vector]! * values[i]!,
    }));
    const baseline = sign * biases[vector]!;
    const placesOf = placesOfTerms(vocabulary, text);
    const placed = terms.flatMap(({ term, value }) => {
      const spans = placesOf(term);
      return spans.map((span): Placed => ({ span, value: value / spans.length }));
    });
    return { output: terms.reduce((sum, { value }) => sum + value, baseline), baseline, terms, words: onWords(text, placed) };
  };
};

/** A linear classifier that can say why. What that takes is made at the first question. */
export const withLinearExplanations = (parts: Parts, classifier: TextClassifier) => {
  let explainer: ReturnType<typeof createLinearExplainer> | undefined;
  return {
    ...classifier,
    explain: async (text: string, { label }: TextExplainOptions): Promise<TextExplanation> => {
      explainer ??= createLinearExplainer(parts);
      const chosen = label ?? (await classifier.predict([text]))[0]!.label;
      const { output, baseline, words } = explainer(text, chosen);
      return { label: chosen, output, baseline, words, gap: 0, steps: null };
    },
  };
};
