import type { SparseMatrix } from '../linear/sparse-matrix.ts';

export interface RidgeProblem {
  readonly matrix: SparseMatrix;
  readonly targets: Float64Array;
  /** The penalty on the squared length of the weights; the bias pays none. */
  readonly lambda: number;
}

/**
 * Minimises ½Σ(y - w·x - b)² + ½λ|w|² by conjugate gradients on the normal equations, with the diagonal as preconditioner: no matrix of all
 * pairs of columns is made, so wide one-hot tables cost no more than their cells. Source: Saad 2003, Iterative Methods, algorithm 9.1.
 */
export const createRidgeSolver = ({ matrix, targets, lambda }: RidgeProblem) => {
  const { rows, width, begins, columns, values } = matrix;
  const last = width;
  /** `Aᵀ(A direction) + λ direction`, where A has a last column of ones. */
  const apply = (direction: Float64Array): Float64Array => {
    const out = direction.map((value, i) => (i === last ? 0 : lambda * value));
    for (let row = 0; row < rows; row++) add(out, row, product(direction, row));
    return out;
  };
  const product = (vector: Float64Array, row: number): number => {
    let sum = vector[last]!;
    for (let i = begins[row]!, end = begins[row + 1]!; i < end; i++) sum += vector[columns[i]!]! * values[i]!;
    return sum;
  };
  const add = (out: Float64Array, row: number, factor: number): void => {
    out[last]! += factor;
    for (let i = begins[row]!, end = begins[row + 1]!; i < end; i++) out[columns[i]!]! += factor * values[i]!;
  };

  const solution = new Float64Array(width + 1);
  const diagonal = new Float64Array(width + 1).fill(lambda);
  diagonal[last] = rows;
  for (let i = 0; i < begins[rows]!; i++) diagonal[columns[i]!]! += values[i]! ** 2;
  const residual = new Float64Array(width + 1);
  for (let row = 0; row < rows; row++) add(residual, row, targets[row]!);
  const start = Math.sqrt(dot(residual, residual));
  const precondition = (vector: Float64Array): Float64Array => vector.map((value, i) => (diagonal[i]! > 0 ? value / diagonal[i]! : 0));
  let direction = precondition(residual);
  let slope = dot(residual, direction);

  return {
    weights: solution.subarray(0, width),
    bias: (): number => solution[last]!,
    /** One step; returns how much of the normal equations is still unmet, as a share of what was at the start. */
    step: (): number => {
      if (slope === 0) return 0;
      const applied = apply(direction);
      const length = slope / dot(direction, applied);
      for (let i = 0; i <= last; i++) {
        solution[i]! += length * direction[i]!;
        residual[i]! -= length * applied[i]!;
      }
      const conditioned = precondition(residual);
      const next = dot(residual, conditioned);
      const turn = next / slope;
      direction = direction.map((value, i) => conditioned[i]! + turn * value);
      slope = next;
      return Math.sqrt(dot(residual, residual)) / start;
    },
  };
};

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};
