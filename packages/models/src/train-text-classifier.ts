import { AppError, type Columns, invalid } from '@boucle/contract';
import { solveOneAgainstRest } from './linear/one-against-rest.ts';
import { createMatrixBuilder } from './linear/sparse-matrix.ts';
import { saveTextPackage } from './package/save-text-package.ts';
import { createTextClassifier, type TextClassifier, type TextClassifierParts, maxTermsFor } from './text-classifier.ts';
import { createTermCounter, mostFrequent, type TermCount } from './text/count-terms.ts';
import { createVectoriser, inverseFrequency } from './text/vectoriser.ts';
import { createVocabulary } from './text/vocabulary.ts';
import { createPace, type Pace, type TrainingHooks } from './training-pace.ts';
import { type CompleteOptions, completeOptions, type TextTrainingOptions } from './training-options.ts';
import { labelsOf, type TextRows } from './training-rows.ts';

export interface TrainedText extends TextClassifier {
  /** Writes the package into a new or empty folder. The same training writes the same bytes. */
  readonly save: (folder: string, about: { readonly inputExample: Columns; readonly requirements?: readonly string[] }) => Promise<void>;
}

/** Learns to tell the labels of texts apart: TF-IDF of words and pairs of words, and logistic regression, one label against the rest. */
export const trainTextClassifier = async (
  rows: TextRows,
  options: TextTrainingOptions,
  hooks: TrainingHooks = {},
): Promise<TrainedText> => {
  const complete = completeOptions(options);
  const labels = labelsOf(rows);
  const pace = createPace(hooks);
  const terms = await learnTerms(rows.texts, complete, pace);
  refuseTooLarge(terms.length, labels.length);
  hooks.log?.(`${terms.length} terms from ${rows.texts.length} texts, ${labels.length} labels`);

  const vocabulary = createVocabulary(terms.map(({ term }) => term));
  const idf = Float64Array.from(terms, ({ texts }) => inverseFrequency(rows.texts.length, texts));
  const { sublinearTf } = complete;
  const vectorise = createVectoriser({ vocabulary, idf, sublinear: sublinearTf });
  const builder = createMatrixBuilder(rows.texts.length, terms.length);
  await pace.each(rows.texts, [0.2, 0.4], (text) => builder.add(vectorise(text)));

  const matrix = builder.matrix();
  const solution = await solveOneAgainstRest({ rowLabels: rows.labels, labels, matrix, options: complete, hooks, pace });
  pace.reach(1);
  const parts: TextClassifierParts = { labels, vocabulary, sublinearTf, idf, ...solution };
  const classifier = createTextClassifier(parts);
  return { ...classifier, save: (folder, about) => saveTextPackage(folder, { parts, classifier, ...about }) };
};

const learnTerms = async (texts: readonly string[], { minDf, maxFeatures }: CompleteOptions, pace: Pace): Promise<readonly TermCount[]> => {
  const counter = createTermCounter(minDf);
  await pace.each(texts, [0, 0.2], counter.add);
  if (counter.words() === 0) {
    throw invalid('No text holds a word of two letters or digits; check that this is the text column', 'empty_vocabulary');
  }
  const terms = mostFrequent(counter.terms(), maxFeatures);
  if (terms.length === 0) {
    throw invalid(`None of ${counter.words()} words occurs in ${minDf} texts; lower minDf or bring more rows`, 'empty_vocabulary', {
      minDf,
    });
  }
  return terms;
};

const refuseTooLarge = (terms: number, labels: number): void => {
  const most = maxTermsFor(labels);
  if (terms <= most) return;
  throw new AppError(
    'too_large',
    `${terms} terms for ${labels} labels are too many weights; set maxFeatures to ${most} or less, or raise minDf`,
    {
      reason: 'too_many_weights',
      details: { terms, labels, maxFeatures: most },
    },
  );
};
