import { createRandom, shuffle } from './random.ts';
import type { SparseMatrix } from './sparse-matrix.ts';

export interface LogisticProblem {
  readonly matrix: SparseMatrix;
  /** 1 for rows of the class, -1 for the others. */
  readonly sides: Int8Array;
  /** What a row's loss costs: C times the weight of its label. */
  readonly costs: Float64Array;
  readonly seed: number;
}

interface Sweep {
  /** The greatest slope met along a coordinate of the dual; 0 at the optimum. */
  readonly violation: number;
  /** Mean of ln(1 + exp(-margin)) over the rows, each as it was met. */
  readonly loss: number;
}

/**
 * Logistic regression with an L2 penalty by dual coordinate descent: minimises ½|w|² + ½b² + Σ cost·ln(1 + exp(-side·(w·x + b))).
 * The bias b is the weight of a constant feature, and is penalised with the others.
 * Source: Yu, Huang, Lin 2011, "Dual coordinate descent methods for logistic regression and maximum entropy models", algorithm 5.
 */
export const createLogisticSolver = ({ matrix, sides, costs, seed }: LogisticProblem) => {
  const { rows, begins, columns, values } = matrix;
  const weights = new Float64Array(matrix.width);
  let bias = 0;
  /** Each row's dual variable and its distance from the cost: kept apart, for near the ends a difference would lose its digits. */
  const alphas = new Float64Array(rows);
  const rests = new Float64Array(rows);
  const squares = new Float64Array(rows);
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  const random = createRandom(seed);
  let precision = 0.01;

  const move = (row: number, step: number): void => {
    for (let i = begins[row]!, end = begins[row + 1]!; i < end; i++) weights[columns[i]!]! += step * values[i]!;
    bias += step;
  };

  for (let row = 0; row < rows; row++) {
    const cost = costs[row]!;
    alphas[row] = Math.min(0.001 * cost, 1e-8);
    rests[row] = cost - alphas[row]!;
    let square = 1;
    for (let i = begins[row]!; i < begins[row + 1]!; i++) square += values[i]! * values[i]!;
    squares[row] = square;
    move(row, sides[row]! * alphas[row]!);
  }

  return {
    weights,
    bias: (): number => bias,
    /** Goes once over all rows, in a new order. */
    sweep: (): Sweep => {
      let violation = 0;
      let loss = 0;
      let newtonSteps = 0;
      shuffle(order, random);
      for (let turn = 0; turn < rows; turn++) {
        const row = order[turn]!;
        const side = sides[row]!;
        const cost = costs[row]!;
        const a = squares[row]!;
        let product = bias;
        for (let i = begins[row]!, end = begins[row + 1]!; i < end; i++) product += weights[columns[i]!]! * values[i]!;
        const margin = side * product;
        loss += margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin;

        // Of alpha and its rest, the smaller-to-be is solved for: the paper's g1 and g2.
        const forRest = 0.5 * a * (rests[row]! - alphas[row]!) + margin < 0;
        const sign = forRest ? -1 : 1;
        const old = forRest ? rests[row]! : alphas[row]!;
        let z = cost - old < 0.5 * cost ? 0.1 * old : old;
        let slope = a * (z - old) + sign * margin + Math.log(z / (cost - z));
        violation = Math.max(violation, Math.abs(slope));
        let steps = 0;
        for (; steps <= 100 && Math.abs(slope) >= precision; steps++) {
          const next = z - slope / (a + cost / (cost - z) / z);
          z = next <= 0 ? 0.1 * z : next;
          slope = a * (z - old) + sign * margin + Math.log(z / (cost - z));
        }
        if (steps === 0) continue;
        newtonSteps += steps;
        alphas[row] = forRest ? cost - z : z;
        rests[row] = forRest ? z : cost - z;
        move(row, sign * (z - old) * side);
      }
      // Where few rows still move, they are solved more exactly.
      if (newtonSteps <= rows / 10) precision = Math.max(1e-8, 0.1 * precision);
      return { violation, loss: loss / rows };
    },
  };
};
