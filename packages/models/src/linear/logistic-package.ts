import { withLinearExplanations } from '../explain/linear-text.ts';
import type { Approach, LoadContext, PackageFiles } from '../package/approach.ts';
import { damaged, fileLimits } from '../package/package-file.ts';
import { type PackageAbout, savePackage } from '../package/save-package.ts';
import { textPredictor } from '../package/text-predictor.ts';
import { createTextClassifier, maxTermsFor, type TextClassifierParts, vectorsFor } from '../text-classifier.ts';
import type { TermKind } from '../text/count-terms.ts';
import { createVocabulary, type Vocabulary, wordsAndPairs } from '../text/vocabulary.ts';
import { readCalibration } from './calibration-file.ts';
import type { ChosenC } from './cross-validation.ts';
import { isKind } from './logistic-options.ts';
import { readWeights, weightsBytes } from './weights-file.ts';

interface Content {
  readonly parts: TextClassifierParts;
  /** How C was found, for whoever asks; it takes no part in answers. */
  readonly choice?: ChosenC;
}

/** What has its default is not mentioned: packages were that before there was anything else. */
export const saveLogistic = (folder: string, { parts, choice }: Content, about: PackageAbout): Promise<void> => {
  const { labels, vocabulary, sublinearTf, multiclass, calibration } = parts;
  return savePackage(
    folder,
    {
      task: 'text-classification',
      approach: 'logistic-regression',
      labels,
      config: {
        sublinearTf,
        ...kindConfig(vocabulary.kind),
        ...(multiclass === 'softmax' && { multiclass }),
        ...(calibration && { calibration: calibration.method }),
        ...(choice && { choice }),
      },
      files: {
        vocabulary: { name: 'vocabulary.txt', content: vocabularyText(vocabulary), limit: fileLimits.vocabulary },
        weights: { name: 'weights.bin', content: weightsBytes(parts), limit: fileLimits.weights },
        ...(calibration && {
          calibration: { name: 'calibration.json', content: `${JSON.stringify(calibration)}\n`, limit: fileLimits.example },
        }),
      },
      predictor: textPredictor(createTextClassifier(parts)),
    },
    about,
  );
};

/** All in float64 and in one order, hence to the bit on every machine. */
export const logisticPackage: Approach = {
  tolerance: 0,
  load: async (files, { labels, config }) => {
    const { sublinearTf, multiclass = 'one-vs-rest' } = config;
    if (typeof sublinearTf !== 'boolean') throw damaged('MLmodel does not say whether counts are taken as logarithms');
    if (multiclass !== 'one-vs-rest' && multiclass !== 'softmax') throw damaged('MLmodel does not say how the labels share a row');
    const vocabulary = await readVocabulary(files, kindOf(config), labels);
    const bytes = await files.bytes('weights', fileLimits.weights);
    const weights = readWeights(bytes, { vectors: vectorsFor(labels.length), columns: vocabulary.terms.length });
    const calibration =
      config['calibration'] === undefined ? undefined : readCalibration(await files.json('calibration', fileLimits.example), labels);
    const parts = { labels, vocabulary, sublinearTf, multiclass, ...weights, ...(calibration && { calibration }) } as const;
    return textPredictor(withLinearExplanations(parts, createTextClassifier(parts)));
  },
};

const kindConfig = ({ analyzer, ngrams }: TermKind): Partial<TermKind> =>
  analyzer === 'word' && ngrams[0] === 1 && ngrams[1] === 2 ? {} : { analyzer, ngrams };

const kindOf = ({ analyzer, ngrams }: LoadContext['config']): TermKind => {
  if (analyzer === undefined && ngrams === undefined) return wordsAndPairs;
  if (!isKind({ analyzer, ngrams })) throw damaged('MLmodel does not say which terms the vocabulary is of');
  return { analyzer, ngrams } as TermKind;
};

/** A term per line. Characters are written as JSON, for they may be blanks and line breaks. */
const vocabularyText = ({ kind, terms }: Vocabulary): string =>
  `${(kind.analyzer === 'word' ? terms : terms.map((term) => JSON.stringify(term))).join('\n')}\n`;

const readVocabulary = async (files: PackageFiles, kind: TermKind, labels: LoadContext['labels']): Promise<Vocabulary> => {
  const text = await files.text('vocabulary', fileLimits.vocabulary);
  if (!text.endsWith('\n')) throw damaged('the vocabulary ends in the middle');
  const limit = maxTermsFor(labels.length);
  // One more than allowed is enough to know, and a split of all could fill the memory.
  const terms = text.slice(0, -1).split('\n', limit + 1);
  if (terms.length > limit) throw damaged(`the vocabulary has more than ${limit} terms`);
  try {
    return createVocabulary(kind.analyzer === 'word' ? terms : terms.map(termOfJson), kind);
  } catch (cause) {
    throw damaged(cause instanceof Error ? cause.message : 'the vocabulary is unreadable', cause);
  }
};

const termOfJson = (line: string): string => {
  const term = JSON.parse(line) as unknown;
  if (typeof term !== 'string') throw new RangeError(`${line.slice(0, 100)} is not a term`);
  return term;
};
