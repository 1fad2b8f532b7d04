import { invalid } from '@boucle/contract';
import { type Multiclass, multiclasses } from './probabilities.ts';
import { analyzers, type Analyzer } from '../text/symbols.ts';
import type { TextBounds } from '../text/count-terms.ts';
import { type ClassWeight, requireWhole, requireWithin, strength } from '../option-checks.ts';

export interface LogisticOptions {
  readonly approach: 'logistic-regression';
  /** Decides the order in which rows are visited; a whole number from 0. */
  readonly seed: number;
  /** What a row's loss costs against the penalty on weights: larger follows the rows more closely. Default 1. */
  readonly C?: number;
  /** Chooses C by cross-validation instead. */
  readonly chooseC?: ChooseC;
  /** What terms are made of. Default: words. */
  readonly analyzer?: Analyzer;
  /** The least and the greatest number of words or characters in a term. Default: [1, 2]. */
  readonly ngrams?: readonly [least: number, most: number];
  /** A term is learned when at least so many texts hold it: a count from 1, or a share of the texts, below 1. Default 2. */
  readonly minDf?: number;
  /** And at most so many. Default: no limit. */
  readonly maxDf?: number;
  /** Keep only the most frequent terms. Default: all. */
  readonly maxFeatures?: number;
  /** Count a term that occurs n times in a text as 1 + ln n. Default false. */
  readonly sublinearTf?: boolean;
  /** On squared weights, or on their sizes, which leaves most at 0. Default l2. */
  readonly penalty?: (typeof penalties)[number];
  /** Default one-vs-rest; `softmax` with an L2 penalty only. */
  readonly multiclass?: Multiclass;
  /** Corrects probabilities by a curve that is fitted to rows held out; isotonic wants a thousand rows. Default: none. */
  readonly calibration?: (typeof calibrations)[number];
  /** For `chooseC` and `calibration`. Default 5. */
  readonly folds?: number;
  /** Default: every row weighs 1. */
  readonly classWeight?: ClassWeight;
  /**
   * When to stop: at L2 with one-vs-rest when no slope of the dual is steeper; at L1 when all slopes have sunk to a tenth of this share;
   * with softmax when the mean loss has no slope above a thousandth of it. From 1e-8, where rounding begins to show. Default 0.01.
   */
  readonly eps?: number;
  /** Stop after so many passes over the rows. Default 300. */
  readonly maxEpochs?: number;
}

export interface ChooseC {
  /** Default: 4 to the power of -3 to 3. */
  readonly values?: readonly number[];
  /** Default log-loss. */
  readonly by?: (typeof choices)[number];
}

const penalties = ['l2', 'l1'] as const;
const calibrations = ['platt', 'isotonic'] as const;
const choices = ['log-loss', 'accuracy'] as const;

export type CompleteOptions = Required<Omit<LogisticOptions, 'chooseC' | 'calibration'>> & {
  readonly chooseC?: Required<ChooseC>;
} & Pick<LogisticOptions, 'calibration'>;

const defaults = {
  C: 1,
  analyzer: 'word',
  ngrams: [1, 2],
  minDf: 2,
  maxDf: Infinity,
  maxFeatures: Number.MAX_SAFE_INTEGER,
  sublinearTf: false,
  penalty: 'l2',
  multiclass: 'one-vs-rest',
  folds: 5,
  classWeight: {},
  eps: 0.01,
  maxEpochs: 300,
} as const;

/** Longer stretches are rarely met twice; the limit keeps the work on a text in bounds. */
const longestGram = 20;

export const isKind = ({ analyzer, ngrams }: { readonly analyzer: unknown; readonly ngrams: unknown }): boolean => {
  if (!analyzers.some((known) => known === analyzer) || !Array.isArray(ngrams) || ngrams.length !== 2) return false;
  const [least, most] = ngrams as unknown[];
  return (
    Number.isInteger(least) && Number.isInteger(most) && 1 <= Number(least) && Number(least) <= Number(most) && Number(most) <= longestGram
  );
};

/** Fills in the defaults, and refuses values that make no sense. */
export const completeOptions = (options: LogisticOptions): CompleteOptions => {
  const { chooseC, ...others } = options;
  const complete = { ...defaults, ...others, ...(chooseC && { chooseC: completeChoice(options) }) };
  requireWithin('C', complete.C, strength);
  requireWithin('eps', complete.eps, { least: 1e-8, most: 1 });
  requireWhole('seed', complete.seed, 0);
  for (const name of ['maxFeatures', 'maxEpochs'] as const) requireWhole(name, complete[name], 1);
  requireWhole('folds', complete.folds, 2);
  requireOneOf('analyzer', complete.analyzer, analyzers);
  requireOneOf('penalty', complete.penalty, penalties);
  requireOneOf('multiclass', complete.multiclass, multiclasses);
  if (complete.calibration !== undefined) requireOneOf('calibration', complete.calibration, calibrations);
  if (complete.penalty === 'l1' && complete.multiclass === 'softmax') {
    throw invalid('There is no softmax with an L1 penalty; use penalty l2, or multiclass one-vs-rest', 'bad_option', { name: 'penalty' });
  }
  requireTexts('minDf', complete.minDf);
  if (complete.maxDf !== Infinity) requireTexts('maxDf', complete.maxDf);
  if (!isKind(complete)) {
    throw invalid(
      `ngrams is ${JSON.stringify(complete.ngrams)}; it must be two whole numbers from 1 to ${longestGram}, the smaller one first`,
      'bad_option',
      { name: 'ngrams' },
    );
  }
  return complete;
};

const completeChoice = ({ C, chooseC }: LogisticOptions): Required<ChooseC> => {
  if (C !== undefined) throw invalid('Both C and chooseC are given; leave one out', 'bad_option', { name: 'C' });
  const choice = { values: Array.from({ length: 7 }, (_, i) => 4 ** (i - 3)), by: 'log-loss', ...chooseC } as const;
  requireOneOf('chooseC.by', choice.by, choices);
  if (choice.values.length === 0) throw invalid('chooseC.values is empty; give at least one C', 'bad_option', { name: 'chooseC.values' });
  for (const value of choice.values) requireWithin('chooseC.values', value, strength);
  return choice;
};

const requireTexts = (name: string, value: number): void => {
  if ((value > 0 && value < 1) || (Number.isSafeInteger(value) && value >= 1)) return;
  throw invalid(`${name} is ${value}; it must be a number of texts from 1, or a share of them above 0 and below 1`, 'bad_option', { name });
};

const requireOneOf = (name: string, value: string, known: readonly string[]): void => {
  if (!known.includes(value))
    throw invalid(`${name} is ${JSON.stringify(value)}; it must be one of ${known.join(', ')}`, 'bad_option', { name });
};

/** Shares in numbers of texts. */
export const textBounds = ({ minDf, maxDf }: Pick<CompleteOptions, 'minDf' | 'maxDf'>, texts: number): TextBounds => ({
  least: minDf < 1 ? Math.ceil(minDf * texts) : minDf,
  most: maxDf < 1 ? Math.floor(maxDf * texts) : maxDf,
});
