import { AppError, invalid } from '@boucle/contract';
import { createTextClassifier, type TextClassifierParts, maxTermsFor } from '../text-classifier.ts';
import { createCorpus, type Grams, mostFrequent, type TermCount } from '../text/count-terms.ts';
import { createRowMaker, inverseFrequency } from '../text/vectoriser.ts';
import { createVocabulary } from '../text/vocabulary.ts';
import { createPace, type Pace, type TrainingHooks } from '../training-pace.ts';
import type { TrainedText } from '../trained-text.ts';
import { labelsOf, type TextRows } from '../training-rows.ts';
import { type CompleteOptions, completeOptions, type LogisticOptions, textBounds } from './logistic-options.ts';
import { saveLogistic } from './logistic-package.ts';
import { fit } from './fit.ts';
import { createMatrixBuilder, type SparseMatrix } from './sparse-matrix.ts';

/** TF-IDF of words or characters and their n-grams, and logistic regression. */
export const trainLogistic = async (rows: TextRows, options: LogisticOptions, hooks: TrainingHooks = {}): Promise<TrainedText> => {
  const complete = completeOptions(options);
  const labels = labelsOf(rows);
  const pace = createPace(hooks);
  const { terms, grams } = await learnTerms(rows.texts, complete, pace);
  refuseTooLarge(terms.length, labels.length);
  hooks.log?.(`${terms.length} terms from ${rows.texts.length} texts, ${labels.length} labels`);

  const { sublinearTf, analyzer, ngrams, multiclass } = complete;
  const idf = Float64Array.from(terms, ({ texts }) => inverseFrequency(rows.texts.length, texts));
  const matrix = await makeMatrix({ texts: rows.texts.length, terms, grams, idf, sublinear: sublinearTf, pace });
  const { solution, choice, calibration } = await fit({ matrix, labels, rowLabels: rows.labels, options: complete, hooks, pace });
  pace.reach(1);
  const vocabulary = createVocabulary(
    terms.map(({ term }) => term),
    { analyzer, ngrams },
  );
  const parts: TextClassifierParts = {
    labels,
    vocabulary,
    sublinearTf,
    idf,
    ...solution,
    multiclass,
    ...(calibration && { calibration }),
  };
  return { ...createTextClassifier(parts), save: (folder, about) => saveLogistic(folder, { parts, ...(choice && { choice }) }, about) };
};

interface Learned {
  terms: readonly TermCount[];
  grams: Grams;
}

const learnTerms = async (texts: readonly string[], options: CompleteOptions, pace: Pace): Promise<Learned> => {
  const corpus = createCorpus(options);
  await pace.each(texts.length, [0, 0.2], (i) => {
    corpus.add(texts[i]!);
    return texts[i]!.length + 1;
  });
  if (corpus.symbols() === 0) {
    const wanted = options.analyzer === 'word' ? 'a word of two letters or digits' : 'a character that is not blank';
    throw invalid(`No text holds ${wanted}; check that this is the text column`, 'empty_vocabulary');
  }
  const bounds = textBounds(options, texts.length);
  const grams = await corpus.grams(bounds, pace, [0.2, 0.3]);
  const terms = mostFrequent(grams.terms, options.maxFeatures);
  if (terms.length > 0) return { terms, grams };
  const { minDf, maxDf } = options;
  throw invalid(
    `None of the terms made of ${corpus.symbols()} ${options.analyzer === 'word' ? 'words' : 'characters'} occurs in ${bounds.least} to ${Math.min(bounds.most, texts.length)} texts; lower minDf, raise maxDf, or bring more rows`,
    'empty_vocabulary',
    { minDf, ...(maxDf < Infinity && { maxDf }) },
  );
};

interface Rows extends Learned {
  texts: number;
  idf: Float64Array;
  sublinear: boolean;
  pace: Pace;
}

/** The rows that `createVectoriser` would make, to the bit, from the grams that are known already. */
const makeMatrix = async ({ texts, terms, grams, idf, sublinear, pace }: Rows): Promise<SparseMatrix> => {
  const columns = new Int32Array(grams.nodes).fill(-1);
  terms.forEach(({ node }, column) => (columns[node] = column));
  const maker = createRowMaker({ idf, sublinear });
  const builder = createMatrixBuilder(texts, terms.length);
  const count = (node: number): void => {
    if (columns[node]! >= 0) maker.count(columns[node]!);
  };
  await pace.each(texts, [0.3, 0.4], (text) => {
    grams.scan(text, count);
    const row = maker.take();
    builder.add(row);
    return 5 * row.size + 1;
  });
  return builder.matrix();
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
