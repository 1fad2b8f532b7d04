import { createDualSolver } from '../linear/dual-solver.ts';
import type { SparseMatrix } from '../linear/sparse-matrix.ts';
import type { Pace, TrainingHooks } from '../training-pace.ts';
import { designMatrix, learnDesign, type LinearWeights } from './linear-design.ts';
import { createRidgeSolver } from './ridge-solver.ts';
import type { TableFeature } from './table-columns.ts';
import type { CompleteLinear } from './tabular-options.ts';

interface Fitting {
  readonly features: readonly TableFeature[];
  readonly columns: readonly Float32Array[];
  readonly target: { readonly labels: readonly string[]; readonly classes: Uint16Array } | { readonly numbers: Float64Array };
  readonly options: CompleteLinear;
  readonly hooks: TrainingHooks;
  readonly pace: Pace;
}

/** Standardised numbers, categories one-hot; for labels logistic regression, one against the rest, for numbers ridge regression. */
export const trainLinear = async ({ features, columns, target, ...fitting }: Fitting): Promise<LinearWeights> => {
  const design = learnDesign(features, columns);
  const matrix = designMatrix(design, columns, columns[0]!.length);
  const { weights, biases } = 'numbers' in target ? await ridge(matrix, target.numbers, fitting) : await logistic(matrix, target, fitting);
  return { design, weights: Array.from(weights), biases: Array.from(biases) };
};

type Solution = Promise<{ weights: Float64Array; biases: Iterable<number> }>;
type Options = Pick<Fitting, 'options' | 'hooks' | 'pace'>;

const ridge = async (matrix: SparseMatrix, targets: Float64Array, { options, hooks, pace }: Options): Solution => {
  const solver = createRidgeSolver({ matrix, targets, lambda: 1 / options.C });
  for (let step = 1; step <= options.maxEpochs; step++) {
    const unmet = solver.step();
    hooks.metric?.('unmet', unmet, step);
    if (unmet < options.eps) break;
    // How many steps there will be is not known: each is taken to do a tenth of what remains.
    pace.reach(1 - 0.9 ** step);
    await pace.pause();
  }
  return { weights: solver.weights, biases: [solver.bias()] };
};

const logistic = async (
  matrix: SparseMatrix,
  { labels, classes }: { labels: readonly string[]; classes: Uint16Array },
  { options: { C, eps, maxEpochs, seed }, hooks, pace }: Options,
): Solution => {
  const vectors = labels.length === 2 ? [1] : labels.map((_, i) => i);
  const sides = vectors.map((label) => Int8Array.from(classes, (other) => (other === label ? 1 : -1)));
  const solver = createDualSolver({ matrix, sides, costs: new Float64Array(matrix.rows).fill(C), seed });
  let open = vectors.map((_, i) => i);
  for (let epoch = 1; open.length > 0 && epoch <= maxEpochs; epoch++) {
    const sweeps = solver.sweep(open);
    if (vectors.length === 1) hooks.metric?.('train_loss', sweeps[0]!.loss, epoch);
    open = open.filter((_, i) => sweeps[i]!.violation >= eps);
    pace.reach(1 - (5 / 6) ** epoch);
    await pace.pause();
  }
  if (open.length > 0) hooks.log?.(`Stopped by maxEpochs before every slope was below ${eps}`);
  return solver;
};
