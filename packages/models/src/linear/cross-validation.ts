import { type CalibrationModel, fitCalibration } from '@boucle/statistics';
import type { Pace, TrainingHooks } from '../training-pace.ts';
import { stratifiedFolds } from './folds.ts';
import { type LabelledRows, type LinearSolution, type Path, type PathMaker, rowsOf, type SolverSettings } from './linear-problem.ts';
import { calibrationScores, type Multiclass, probabilitiesOf } from './probabilities.ts';

/** How well one C does on rows that it was not fitted to. */
export interface Tried {
  readonly C: number;
  /** Mean over all rows, in nats. */
  readonly logLoss: number;
  readonly accuracy: number;
}
export interface ChosenC {
  readonly C: number;
  readonly by: 'log-loss' | 'accuracy';
  readonly folds: number;
  /** Ascending in C. */
  readonly curve: readonly Tried[];
}

interface Validation {
  readonly rows: LabelledRows;
  readonly makePath: PathMaker;
  readonly settings: SolverSettings;
  readonly multiclass: Multiclass;
  readonly folds: number;
  readonly hooks: TrainingHooks;
  readonly pace: Pace;
  readonly way: readonly [from: number, to: number];
}

/** The C under which rows are predicted best by what was fitted to the other folds. Of equally good ones the least. */
export const chooseC = async (
  validation: Validation,
  { values, by }: { values: readonly number[]; by: ChosenC['by'] },
): Promise<ChosenC> => {
  const { rows, multiclass, folds, hooks } = validation;
  const ascending = values.toSorted((a, b) => a - b);
  const losses = new Float64Array(ascending.length);
  const hits = new Float64Array(ascending.length);
  await eachHeldOut(validation, ascending, (row, sums, at) => {
    const scores = probabilitiesOf(sums, multiclass);
    const own = rows.classes[row]!;
    losses[at]! -= Math.log(Math.max(scores[own]!, Number.EPSILON));
    if (scores.indexOf(Math.max(...scores)) === own) hits[at]! += 1;
  });
  const count = rows.classes.length;
  const curve = ascending.map((C, at) => ({ C, logLoss: losses[at]! / count, accuracy: hits[at]! / count }));
  curve.forEach(({ C, logLoss, accuracy }, at) => {
    hooks.log?.(`C ${C}: log-loss ${logLoss.toPrecision(4)}, accuracy ${accuracy.toPrecision(4)} over ${folds} folds`);
    hooks.metric?.('cv_log_loss', logLoss, at);
    hooks.metric?.('cv_accuracy', accuracy, at);
  });
  const best = curve.reduce((a, b) => ((by === 'accuracy' ? b.accuracy > a.accuracy : b.logLoss < a.logLoss) ? b : a));
  hooks.log?.(`C ${best.C} is chosen by ${by}`);
  return { C: best.C, by, folds, curve };
};

/** Curves from what the vectors say of a row to probabilities, fitted to rows as they are answered by what was fitted to the other folds. */
export const calibrate = async (
  validation: Validation,
  { C, method }: { C: number; method: CalibrationModel['method'] },
): Promise<CalibrationModel> => {
  const { classes, labels } = validation.rows;
  const scores: number[][] = [];
  await eachHeldOut(validation, [C], (row, sums) => (scores[row] = calibrationScores(sums)));
  return fitCalibration({ actual: Array.from(classes, (label) => labels[label]!), probabilities: scores, labels, method });
};

/** Every row is held out once, and answered by each C. The terms and their idf are those of all rows: they know no labels. */
const eachHeldOut = async (
  { rows, makePath, settings, folds, pace, way: [from, to] }: Validation,
  values: readonly number[],
  use: (row: number, sums: Float64Array, at: number) => void,
): Promise<void> => {
  const foldOf = stratifiedFolds(rows.classes, { folds, seed: settings.seed, labels: rows.labels });
  const allRows = Int32Array.from(foldOf.keys());
  for (let fold = 0; fold < folds; fold++) {
    const path: Path = makePath(
      rowsOf(
        rows,
        allRows.filter((row) => foldOf[row] !== fold),
      ),
      settings,
    );
    for (const [at, C] of values.entries()) {
      const reach = (share: number): void => pace.reach(from + ((to - from) * (fold + (at + share) / values.length)) / folds);
      const solution = await path(C, { hooks: {}, pause: pace.pause, reach });
      for (const row of allRows) if (foldOf[row] === fold) use(row, sumsOf(rows, row, solution), at);
      await pace.pause();
    }
  }
};

const sumsOf = ({ matrix: { begins, columns, values } }: LabelledRows, row: number, { weights, biases }: LinearSolution): Float64Array => {
  const sums = biases.slice();
  const vectors = sums.length;
  for (let i = begins[row]!; i < begins[row + 1]!; i++)
    for (let vector = 0; vector < vectors; vector++) sums[vector]! += weights[columns[i]! * vectors + vector]! * values[i]!;
  return sums;
};
