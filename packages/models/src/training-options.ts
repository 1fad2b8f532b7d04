import { invalid } from '@boucle/contract';

export interface TextTrainingOptions {
  readonly approach: 'logistic-regression';
  /** Decides the order in which rows are visited; a whole number from 0. */
  readonly seed: number;
  /** What a row's loss costs against the penalty on weights: larger follows the rows more closely. Default 1. */
  readonly C?: number;
  /** A term is learned when at least so many texts hold it. Default 2. */
  readonly minDf?: number;
  /** Keep only the most frequent terms. Default: all. */
  readonly maxFeatures?: number;
  /** Count a term that occurs n times in a text as 1 + ln n. Default false. */
  readonly sublinearTf?: boolean;
  /** What a row of each label weighs; `balanced` gives every label the same weight in all. Default: every row weighs 1. */
  readonly classWeight?: 'balanced' | Readonly<Record<string, number>>;
  /** Stop when no slope of the dual is steeper; not below 1e-8, where rounding begins to show. Default 0.01. */
  readonly eps?: number;
  /** Stop after so many passes over the rows. Default 300. */
  readonly maxEpochs?: number;
}

export type CompleteOptions = Required<Omit<TextTrainingOptions, 'classWeight'>> & Pick<TextTrainingOptions, 'classWeight'>;

const defaults = { C: 1, minDf: 2, maxFeatures: Number.MAX_SAFE_INTEGER, sublinearTf: false, eps: 0.01, maxEpochs: 300 };

/** The ends are far beyond what makes sense, and far from where numbers overflow. */
const strength = { least: 1e-12, most: 1e12 };
const requireWithin = (name: string, value: number, { least, most }: typeof strength): void => {
  if (!(value >= least && value <= most))
    throw invalid(`${name} is ${value}; it must be a number from ${least} to ${most}`, 'bad_option', { name });
};

/** Fills in the defaults, and refuses values that make no sense. */
export const completeOptions = (options: TextTrainingOptions): CompleteOptions => {
  const complete = { ...defaults, ...options };
  if (complete.approach !== 'logistic-regression') {
    throw invalid(`There is no approach ${JSON.stringify(complete.approach)}; use logistic-regression`, 'unknown_approach');
  }
  requireWithin('C', complete.C, strength);
  requireWithin('eps', complete.eps, { least: 1e-8, most: 1 });
  for (const [name, least] of [
    ['seed', 0],
    ['minDf', 1],
    ['maxFeatures', 1],
    ['maxEpochs', 1],
  ] as const) {
    if (!Number.isSafeInteger(complete[name]) || complete[name] < least) {
      throw invalid(`${name} is ${complete[name]}; it must be a whole number from ${least}`, 'bad_option', { name });
    }
  }
  return complete;
};

/** What a row of each label weighs. */
export const weightsOfLabels = (
  { classWeight = {} }: Pick<TextTrainingOptions, 'classWeight'>,
  counts: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> => {
  if (classWeight === 'balanced') {
    const rows = [...counts.values()].reduce((a, b) => a + b, 0);
    return new Map([...counts].map(([label, count]) => [label, rows / (counts.size * count)]));
  }
  for (const [label, weight] of Object.entries(classWeight)) {
    const name = `classWeight of ${JSON.stringify(label)}`;
    if (!counts.has(label)) throw invalid(`There is a ${name}, which no row has`, 'bad_option', { name });
    requireWithin(name, weight, strength);
  }
  return new Map([...counts.keys()].map((label) => [label, Object.hasOwn(classWeight, label) ? classWeight[label]! : 1]));
};
