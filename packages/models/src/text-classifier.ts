import { applyCalibration, type CalibrationModel } from '@boucle/statistics';
import { calibrationScores, type Multiclass, probabilitiesOf } from './linear/probabilities.ts';
import { createVectoriser } from './text/vectoriser.ts';
import type { Vocabulary } from './text/vocabulary.ts';

/** All that a trained logistic regression on TF-IDF knows. */
export interface TextClassifierParts {
  readonly labels: readonly string[];
  readonly vocabulary: Vocabulary;
  readonly sublinearTf: boolean;
  /** By column of the vocabulary. */
  readonly idf: Float64Array;
  /** One per label; with two labels a single one, that of the second against the first. */
  readonly biases: Float64Array;
  /** By column, and within it in the order of the biases. */
  readonly weights: Float64Array;
  readonly multiclass: Multiclass;
  /** From what the weights say to probabilities, where that was learned from rows held out. */
  readonly calibration?: CalibrationModel;
}

export interface TextPrediction {
  readonly label: string;
  /** The probability of `label`. */
  readonly score: number;
  /** Probabilities in the order of the labels. They sum to 1 but for rounding. */
  readonly scores: readonly number[];
}

export interface TextClassifier {
  readonly labels: readonly string[];
  /** In the order of the texts. */
  readonly predict: (texts: readonly string[]) => Promise<TextPrediction[]>;
  /** Lets go of what it holds outside the heap. */
  readonly close: () => Promise<void>;
}

/** How many weight vectors so many labels need. */
export const vectorsFor = (labels: number): number => (labels === 2 ? 1 : labels);

/** What one model may hold: a bound on memory, 400 MB of weights, for what is trained here and for what comes from outside. */
const maxTerms = 5_000_000;
const maxWeights = 50_000_000;
export const maxTermsFor = (labels: number): number => Math.min(maxTerms, Math.floor(maxWeights / vectorsFor(labels)));

/** The one way to predict: the trainer and what is loaded from its package both go through here, hence agree to the bit. */
export const createTextClassifier = (parts: TextClassifierParts): TextClassifier => {
  const { labels, vocabulary, sublinearTf, idf, biases, weights, multiclass, calibration } = parts;
  const vectorise = createVectoriser({ vocabulary, idf, sublinear: sublinearTf });
  const vectors = biases.length;
  const sums = new Float64Array(vectors);
  return {
    labels,
    close: async () => {},
    predict: async (texts) =>
      texts.map((text) => {
        const { size, columns, values } = vectorise(text);
        sums.set(biases);
        for (let i = 0; i < size; i++) {
          const base = columns[i]! * vectors;
          const value = values[i]!;
          for (let vector = 0; vector < vectors; vector++) sums[vector]! += weights[base + vector]! * value;
        }
        return predictionOf(
          labels,
          calibration ? applyCalibration(calibration, calibrationScores(sums)) : probabilitiesOf(sums, multiclass),
        );
      }),
  };
};

/** Of equal scores the first label wins. */
const predictionOf = (labels: readonly string[], scores: readonly number[]): TextPrediction => {
  let best = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i]! > scores[best]!) best = i;
  return { label: labels[best]!, score: scores[best]!, scores };
};
