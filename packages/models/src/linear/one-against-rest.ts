import { type TextClassifierParts, vectorsFor } from '../text-classifier.ts';
import type { Pace, TrainingHooks } from '../training-pace.ts';
import { type CompleteOptions, weightsOfLabels } from '../training-options.ts';
import { createLogisticSolver, type LogisticProblem } from './logistic-solver.ts';
import type { SparseMatrix } from './sparse-matrix.ts';

interface Solving {
  rowLabels: readonly string[];
  labels: readonly string[];
  matrix: SparseMatrix;
  options: CompleteOptions;
  hooks: TrainingHooks;
  pace: Pace;
}

/** A problem per label: its rows against all others. Two labels need only one, the second against the first. */
export const solveOneAgainstRest = async (solving: Solving): Promise<Pick<TextClassifierParts, 'weights' | 'biases'>> => {
  const { rowLabels, labels, matrix, options, hooks } = solving;
  const vectors = vectorsFor(labels.length);
  const weights = new Float64Array(matrix.width * vectors);
  const biases = new Float64Array(vectors);
  const costs = costsOf(rowLabels, options);
  for (const [vector, label] of labels.slice(-vectors).entries()) {
    const sides = Int8Array.from(rowLabels, (other) => (other === label ? 1 : -1));
    const problem = { matrix, sides, costs, seed: options.seed };
    const solution = await converge({ ...solving, problem, label, part: { from: vector / vectors, share: 1 / vectors } });
    if (vectors > 1) hooks.metric?.('train_loss', solution.loss, vector + 1);
    for (let column = 0; column < matrix.width; column++) weights[column * vectors + vector] = solution.weights[column]!;
    biases[vector] = solution.bias;
  }
  return { weights, biases };
};

const costsOf = (labels: readonly string[], options: CompleteOptions): Float64Array => {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const weights = weightsOfLabels(options, counts);
  return Float64Array.from(labels, (label) => options.C * weights.get(label)!);
};

interface Converging extends Solving {
  problem: LogisticProblem;
  label: string;
  part: { from: number; share: number };
}

const converge = async ({ problem, label, part, labels, options: { eps, maxEpochs }, hooks, pace }: Converging) => {
  const solver = createLogisticSolver(problem);
  for (let epoch = 1; ; epoch++) {
    const { violation, loss } = solver.sweep();
    if (labels.length === 2) hooks.metric?.('train_loss', loss, epoch);
    const found = violation < eps;
    if (found || epoch === maxEpochs) {
      const ending = found ? '' : `; stopped by maxEpochs at a slope of ${violation.toPrecision(2)}, not ${eps}`;
      hooks.log?.(`${JSON.stringify(label)}: ${epoch} epochs, loss ${loss.toPrecision(4)}${ending}`);
      return { weights: solver.weights, bias: solver.bias(), loss };
    }
    // How many epochs there will be is not known, some fifteen as a rule: each is taken to do a sixth of what remains.
    pace.reach(0.4 + 0.6 * (part.from + part.share * (1 - (5 / 6) ** epoch)));
    await pace.pause();
  }
};
