import type { CalibrationModel } from '@boucle/statistics';
import type { Pace, TrainingHooks } from '../training-pace.ts';
import { weightsOfLabels } from '../option-checks.ts';
import { calibrate, chooseC, type ChosenC } from './cross-validation.ts';
import { l1Path } from './l1-path.ts';
import type { LabelledRows, LinearSolution, PathMaker } from './linear-problem.ts';
import type { CompleteOptions } from './logistic-options.ts';
import { oneAgainstRest } from './one-against-rest.ts';
import { softmaxPath } from './softmax-path.ts';
import type { SparseMatrix } from './sparse-matrix.ts';

interface Fitting {
  readonly matrix: SparseMatrix;
  readonly labels: readonly string[];
  readonly rowLabels: readonly string[];
  readonly options: CompleteOptions;
  readonly hooks: TrainingHooks;
  readonly pace: Pace;
}

interface Fitted {
  readonly solution: LinearSolution;
  readonly choice?: ChosenC;
  readonly calibration?: CalibrationModel;
}

/** Chooses C and calibrates where that is asked for, each with folds of the rows held out, and fits to all rows. */
export const fit = async ({ matrix, labels, rowLabels, options, hooks, pace }: Fitting): Promise<Fitted> => {
  const classOf = new Map(labels.map((label, i) => [label, i]));
  const classes = Int32Array.from(rowLabels, (label) => classOf.get(label)!);
  const rows: LabelledRows = { matrix, classes, labels, weights: weightsOfRows(classes, labels, options) };
  const makePath = pathMaker(options, labels.length);
  const { multiclass, folds } = options;
  // How long each takes is not known: a search goes several times over the rows, a calibration once for each fold.
  const [chosenAt, calibratedAt] = [options.chooseC ? 0.8 : 0.4, options.calibration ? 0.9 : options.chooseC ? 0.8 : 0.4];
  // Rows held out are told apart long before the weights have all their digits.
  const settings = { ...options, eps: Math.min(0.1, 10 * options.eps) };
  const validation = { rows, makePath, settings, multiclass, folds, hooks, pace };

  const choice = options.chooseC && (await chooseC({ ...validation, way: [0.4, chosenAt] }, options.chooseC));
  const C = choice?.C ?? options.C;
  const method = options.calibration;
  const calibration = method && (await calibrate({ ...validation, way: [chosenAt, calibratedAt] }, { C, method }));
  const reach = (share: number): void => pace.reach(calibratedAt + (1 - calibratedAt) * share);
  const solution = await makePath(rows, options)(C, { hooks, pause: pace.pause, reach });
  return { solution, ...(choice && { choice }), ...(calibration && { calibration }) };
};

const pathMaker = ({ penalty, multiclass }: CompleteOptions, labels: number): PathMaker => {
  if (penalty === 'l1') return l1Path;
  return multiclass === 'softmax' && labels > 2 ? softmaxPath : oneAgainstRest;
};

const weightsOfRows = (classes: Int32Array, labels: readonly string[], { classWeight }: CompleteOptions): Float64Array => {
  const counts = new Int32Array(labels.length);
  for (const label of classes) counts[label]! += 1;
  const weights = weightsOfLabels(classWeight, new Map(labels.map((label, i) => [label, counts[i]!])));
  const byLabel = Float64Array.from(labels, (label) => weights.get(label)!);
  return new Float64Array(classes.length).map((_, row) => byLabel[classes[row]!]!);
};
