import type { Pace, TrainingHooks } from '../training-pace.ts';
import { createMatrixBuilder, type SparseMatrix } from './sparse-matrix.ts';

/** Rows to tell apart. */
export interface LabelledRows {
  readonly matrix: SparseMatrix;
  /** By row: which of the labels. */
  readonly classes: Int32Array;
  readonly labels: readonly string[];
  /** By row: how much of C its loss costs. */
  readonly weights: Float64Array;
}

/** Both in the order of the labels; with two labels there is only the second's. */
export interface LinearSolution {
  /** By column, and within it by label. */
  readonly weights: Float64Array;
  readonly biases: Float64Array;
}

/** What one fit tells, and where it gives way to others. */
export interface FitWatch {
  readonly hooks: TrainingHooks;
  readonly pause: Pace['pause'];
  /** How much of this fit is done. */
  readonly reach: (share: number) => void;
}

export interface SolverSettings {
  readonly seed: number;
  readonly eps: number;
  readonly maxEpochs: number;
}

/** Solutions for one C after another, each begun where the last one ended: ascending, that is the shortest way. */
export type Path = (C: number, watch: FitWatch) => Promise<LinearSolution>;
export type PathMaker = (rows: LabelledRows, settings: SolverSettings) => Path;

export const rowsOf = ({ matrix, classes, labels, weights }: LabelledRows, chosen: Int32Array): LabelledRows => {
  const builder = createMatrixBuilder(chosen.length, matrix.width);
  for (const row of chosen) {
    const [from, to] = [matrix.begins[row]!, matrix.begins[row + 1]!];
    builder.add({ size: to - from, columns: matrix.columns.subarray(from, to), values: matrix.values.subarray(from, to) });
  }
  return {
    matrix: builder.matrix(),
    classes: Int32Array.from(chosen, (row) => classes[row]!),
    labels,
    weights: Float64Array.from(chosen, (row) => weights[row]!),
  };
};

/** How many epochs there will be is not known, some fifteen as a rule: each is taken to do a sixth of what remains. */
export const shareAfter = (epochs: number): number => 1 - (5 / 6) ** epochs;
