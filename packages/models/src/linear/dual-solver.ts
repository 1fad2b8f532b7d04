import { createRandom, shuffle } from './random.ts';
import type { SparseMatrix } from './sparse-matrix.ts';

/** One problem per vector of weights, all on the same rows. */
export interface LogisticProblem {
  readonly matrix: SparseMatrix;
  /** By vector: 1 for rows of the class, -1 for the others. */
  readonly sides: readonly Int8Array[];
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

/** What is kept of a row: its squared length, what it costs, and for each vector the three that follow. One place, so that one access to memory does. */
const [squareAt, costAt, vectorsAt] = [0, 1, 2];
/** The side; the dual variable; and its distance from the cost, for near the ends a difference would lose its digits. */
const [sideAt, alphaAt, restAt, perVector] = [0, 1, 2, 3];

/** Rows whose places in memory are read ahead. */
const block = 32;

/**
 * Logistic regression with an L2 penalty by dual coordinate descent: minimises ½|w|² + ½b² + Σ cost·ln(1 + exp(-side·(w·x + b))).
 * The bias b is the weight of a constant feature, and is penalised with the others. All vectors visit a row while it is in the cache.
 * Source: Yu, Huang, Lin 2011, "Dual coordinate descent methods for logistic regression and maximum entropy models", algorithm 5.
 */
export const createDualSolver = ({ matrix, sides, costs, seed }: LogisticProblem) => {
  const { rows, begins, columns, values } = matrix;
  const vectors = sides.length;
  const weights = new Float64Array(matrix.width * vectors);
  const biases = new Float64Array(vectors);
  const precisions = new Float64Array(vectors).fill(0.01);
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  const random = createRandom(seed);
  const stride = vectorsAt + perVector * vectors;
  const records = new Float64Array(rows * stride);

  const move = (row: number, vector: number, step: number): void => {
    for (let i = begins[row]!, end = begins[row + 1]!; i < end; i++) weights[columns[i]! * vectors + vector]! += step * values[i]!;
    biases[vector]! += step;
  };

  for (let row = 0; row < rows; row++) {
    const record = row * stride;
    const cost = costs[row]!;
    let square = 1;
    for (let i = begins[row]!; i < begins[row + 1]!; i++) square += values[i]! * values[i]!;
    records[record + squareAt] = square;
    records[record + costAt] = cost;
    for (let vector = 0; vector < vectors; vector++) {
      const own = record + vectorsAt + perVector * vector;
      const alpha = Math.min(0.001 * cost, 1e-8);
      records[own + sideAt] = sides[vector]![row]!;
      records[own + alphaAt] = alpha;
      records[own + restAt] = cost - alpha;
      move(row, vector, sides[vector]![row]! * alpha);
    }
  }

  /** Of the sweep that is under way, by vector. */
  const violations = new Float64Array(vectors);
  const newtonSteps = new Float64Array(vectors);
  const losses = new Float64Array(vectors);
  /** Of ln(1 + exp(-margin)) the part that is a logarithm, as products of many rows: a multiplication is cheaper than a logarithm. */
  const products = new Float64Array(vectors);

  /** Rows lie anywhere in memory. Their places are read a block ahead, all at once, for a visit waits for each answer. */
  const touch = (row: number): void => {
    let sum = records[row * stride]!;
    for (let i = begins[row]!, end = begins[row + 1]!; i < end; i += 8) sum += columns[i]! + values[i]!;
    touched[0] = sum;
  };
  /** So that the reading is not left out. */
  const touched = new Float64Array(1);

  const visit = (row: number, vector: number): void => {
    const record = row * stride;
    const own = record + vectorsAt + perVector * vector;
    const [a, cost, side] = [records[record + squareAt]!, records[record + costAt]!, records[own + sideAt]!];
    let product = biases[vector]!;
    for (let i = begins[row]!, end = begins[row + 1]!; i < end; i++) product += weights[columns[i]! * vectors + vector]! * values[i]!;
    const margin = side * product;
    addLoss(vector, margin);

    // Of alpha and its rest, the smaller-to-be is solved for: the paper's g1 and g2.
    const alpha = records[own + alphaAt]!;
    const rest = records[own + restAt]!;
    const forRest = 0.5 * a * (rest - alpha) + margin < 0;
    const sign = forRest ? -1 : 1;
    const old = forRest ? rest : alpha;
    const precision = precisions[vector]!;
    let z = cost - old < 0.5 * cost ? 0.1 * old : old;
    let slope = a * (z - old) + sign * margin + Math.log(z / (cost - z));
    if (Math.abs(slope) > violations[vector]!) violations[vector] = Math.abs(slope);
    let steps = 0;
    for (; steps <= 100 && Math.abs(slope) >= precision; steps++) {
      const next = z - slope / (a + cost / (cost - z) / z);
      z = next <= 0 ? 0.1 * z : next;
      slope = a * (z - old) + sign * margin + Math.log(z / (cost - z));
    }
    if (steps === 0) return;
    newtonSteps[vector]! += steps;
    records[own + alphaAt] = forRest ? cost - z : z;
    records[own + restAt] = forRest ? z : cost - z;
    move(row, vector, sign * (z - old) * side);
  };

  const addLoss = (vector: number, margin: number): void => {
    if (margin < 0) losses[vector]! -= margin;
    products[vector]! *= 1 + Math.exp(-Math.abs(margin));
    if (products[vector]! > 1e300) settleLoss(vector);
  };
  const settleLoss = (vector: number): void => {
    losses[vector]! += Math.log(products[vector]!);
    products[vector] = 1;
  };

  return {
    /** By column, and within it by vector. */
    weights,
    biases,
    /** Goes on with greater costs: what was found for the lesser ones is where the next solution is sought. RangeError for lesser ones. */
    loosen: (greater: Float64Array): void => {
      precisions.fill(0.01);
      for (let row = 0; row < rows; row++) {
        const record = row * stride;
        if (greater[row]! < records[record + costAt]!)
          throw new RangeError('Costs may only grow: dual variables could lie beyond lesser ones');
        records[record + costAt] = greater[row]!;
        for (let own = record + vectorsAt; own < record + stride; own += perVector)
          records[own + restAt] = greater[row]! - records[own + alphaAt]!;
      }
    },
    /** Goes once over all rows, in a new order, for the vectors that are asked for; answers for each of them. */
    sweep: (wanted: readonly number[]): Sweep[] => {
      violations.fill(0);
      newtonSteps.fill(0);
      losses.fill(0);
      products.fill(1);
      shuffle(order, random);
      for (let from = 0; from < rows; from += block) {
        const to = Math.min(from + block, rows);
        for (let turn = from; turn < to; turn++) touch(order[turn]!);
        for (let turn = from; turn < to; turn++) for (let i = 0; i < wanted.length; i++) visit(order[turn]!, wanted[i]!);
      }
      return wanted.map((vector) => {
        settleLoss(vector);
        // Where few rows still move, they are solved more exactly.
        if (newtonSteps[vector]! <= rows / 10) precisions[vector] = Math.max(1e-8, 0.1 * precisions[vector]!);
        return { violation: violations[vector]!, loss: losses[vector]! / rows };
      });
    },
  };
};
