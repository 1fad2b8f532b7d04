import { invalid } from '@boucle/contract';
import { requireWhole, requireWithin, strength } from '../option-checks.ts';
import type { BoostOptions } from '../trees/boost.ts';
import type { ColumnKind } from './table-columns.ts';

export type TabularTask = 'tabular-classification' | 'regression';

interface Common {
  readonly task: TabularTask;
  /** Decides every draw; a whole number from 0. */
  readonly seed: number;
  /** Of columns whose values look like another kind, as codes that are numbers. */
  readonly kinds?: Readonly<Record<string, ColumnKind>>;
}

export interface BoostedTreesOptions extends Common, Partial<Omit<BoostOptions, 'seed'>> {
  readonly approach: 'boosted-trees';
}

/** Logistic regression for labels, ridge regression for numbers. */
export interface LinearOptions extends Common {
  readonly approach: 'linear';
  /** What a row's loss costs against half the squared weights: larger follows the rows more closely. Default 1. */
  readonly C?: number;
  /** Stop when no slope of the dual is steeper (labels), or when so small a share of the normal equations is unmet (numbers). */
  readonly eps?: number;
  /** Stop after so many passes over the rows. Default 300. */
  readonly maxEpochs?: number;
}

/** Told apart by `approach`. */
export type TabularOptions = BoostedTreesOptions | LinearOptions;

/** LightGBM's, where it has them. */
const treeDefaults: Omit<BoostOptions, 'seed'> = {
  rounds: 100,
  learningRate: 0.1,
  maxLeaves: 31,
  maxDepth: Infinity,
  minRows: 20,
  minWeight: 1e-3,
  minGain: 0,
  lambda: 0,
  rowShare: 1,
  featureShare: 1,
  maxBins: 255,
  patience: 0,
};

/** Fills in the defaults, and refuses values that make no sense. */
export const completeTreeOptions = (options: BoostedTreesOptions): BoostOptions => {
  const complete = { ...treeDefaults, ...options };
  requireWhole('seed', complete.seed, 0);
  requireWhole('rounds', complete.rounds, 1);
  requireWhole('maxLeaves', complete.maxLeaves, 2);
  if (complete.maxDepth !== Infinity) requireWhole('maxDepth', complete.maxDepth, 1);
  requireWhole('minRows', complete.minRows, 1);
  requireWhole('maxBins', complete.maxBins, 2);
  if (complete.maxBins > 255)
    throw invalid(`maxBins is ${complete.maxBins}; a bin is a byte, so at most 255`, 'bad_option', { name: 'maxBins' });
  requireWhole('patience', complete.patience, 0);
  for (const name of ['learningRate', 'rowShare', 'featureShare'] as const) requireWithin(name, complete[name], { least: 1e-6, most: 1 });
  for (const name of ['lambda', 'minWeight', 'minGain'] as const) requireWithin(name, complete[name], { least: 0, most: strength.most });
  return complete;
};

const linearDefaults = { C: 1, maxEpochs: 300 };
export type CompleteLinear = Required<Pick<LinearOptions, 'seed' | 'C' | 'eps' | 'maxEpochs'>>;

export const completeLinearOptions = (options: LinearOptions): CompleteLinear => {
  const complete = { ...linearDefaults, eps: options.task === 'regression' ? 1e-10 : 0.01, ...options };
  requireWhole('seed', complete.seed, 0);
  requireWhole('maxEpochs', complete.maxEpochs, 1);
  requireWithin('C', complete.C, strength);
  requireWithin('eps', complete.eps, { least: 1e-12, most: 1 });
  return complete;
};
