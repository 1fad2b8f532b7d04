import { createRandom, shuffle } from './random.ts';
import type { SparseMatrix } from './sparse-matrix.ts';

interface L1Problem {
  /** A row per feature, as `transposeWithOnes` makes it. */
  readonly features: SparseMatrix;
  /** 1 for rows of the class, -1 for the others. */
  readonly sides: Int8Array;
  readonly seed: number;
}

interface Iteration {
  /** By how much all slopes together miss what they are at the optimum, relative to where all weights are 0. */
  readonly violation: number;
  /** |w|₁ + Σ cost·ln(1 + exp(-side·w·x)) before the step. */
  readonly objective: number;
}

/** A little on the diagonal, for features whose curvature vanishes; and how far a line search asks the objective to fall. */
const [ridge, fall] = [1e-12, 0.01];

/**
 * Logistic regression with an L1 penalty: minimises |w|₁ + Σ cost·ln(1 + exp(-side·w·x)), the weight of the ones (the bias) included.
 * Each iteration solves a quadratic model with the penalty by coordinate descent, more exactly as the end comes near, and goes along
 * the way found as far as the objective falls. Source: Yuan, Ho, Lin 2012, "An improved GLMNET for l1-regularized logistic regression",
 * algorithm 2 and section 5.
 */
export const createL1Solver = ({ features, sides, seed }: L1Problem) => {
  const { rows: width, width: rows, begins, columns, values } = features;
  const weights = new Float64Array(width);
  const costs = new Float64Array(rows);
  const steps = new Float64Array(width);
  const slopes = new Float64Array(width);
  const curvatures = new Float64Array(width);
  const products = new Float64Array(rows);
  /** What the step changes in the products, and what a product's loss bends by. */
  const moves = new Float64Array(rows);
  const bends = new Float64Array(rows);
  const pulls = new Float64Array(rows);
  const random = createRandom(seed);
  let innerPrecision = 1;
  /** Where all weights are 0; not below the slope of one weight's penalty, for small costs have nothing to mend there. */
  let atZero = 1;

  const lossAlong = (share: number): number => {
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      const margin = sides[row]! * (products[row]! + share * moves[row]!);
      sum += costs[row]! * (margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin);
    }
    return sum;
  };
  const normAlong = (share: number): number => weights.reduce((sum, w, j) => sum + Math.abs(w + share * steps[j]!), 0);

  const violationAtZero = (): number => {
    let violation = 0;
    for (let feature = 0; feature < width; feature++) {
      let slope = 0;
      for (let i = begins[feature]!, end = begins[feature + 1]!; i < end; i++)
        slope += (values[i]! * costs[columns[i]!]! * sides[columns[i]!]!) / 2;
      violation += violationAt(slope, 0);
    }
    return violation;
  };

  /** Slopes and curvatures of the loss at the weights; the features that may move; and how far they are from the optimum. */
  const linearise = (): { active: Int32Array; violation: number } => {
    for (let row = 0; row < rows; row++) {
      const error = 1 / (1 + Math.exp(sides[row]! * products[row]!));
      pulls[row] = -costs[row]! * sides[row]! * error;
      bends[row] = costs[row]! * error * (1 - error);
    }
    const active = new Int32Array(width);
    let [count, violation] = [0, 0];
    for (let feature = 0; feature < width; feature++) {
      let [slope, curvature] = [0, ridge];
      for (let i = begins[feature]!, end = begins[feature + 1]!; i < end; i++) {
        slope += values[i]! * pulls[columns[i]!]!;
        curvature += values[i]! * values[i]! * bends[columns[i]!]!;
      }
      slopes[feature] = slope;
      curvatures[feature] = curvature;
      violation += violationAt(slope, weights[feature]!);
      // A weight of 0 whose slope is below the penalty's stays there.
      if (weights[feature] !== 0 || Math.abs(slope) >= 1) active[count++] = feature;
    }
    return { active: active.subarray(0, count), violation };
  };

  /** One pass of coordinate descent over the quadratic model. */
  const descend = (active: Int32Array): number => {
    let violation = 0;
    shuffle(active, random);
    for (const feature of active) {
      const [from, to] = [begins[feature]!, begins[feature + 1]!];
      const weight = weights[feature]! + steps[feature]!;
      const curvature = curvatures[feature]!;
      let slope = slopes[feature]! + ridge * steps[feature]!;
      for (let i = from; i < to; i++) slope += values[i]! * bends[columns[i]!]! * moves[columns[i]!]!;
      violation += violationAt(slope, weight);
      const step = minimum(slope, curvature, weight);
      if (step === 0) continue;
      steps[feature]! += step;
      for (let i = from; i < to; i++) moves[columns[i]!]! += step * values[i]!;
    }
    return violation;
  };

  return {
    weights,
    iterate: (): Iteration => {
      const { active, violation } = linearise();
      const objective = lossAlong(0) + normAlong(0);
      steps.fill(0);
      moves.fill(0);
      let passes = 0;
      while (passes++ < 1000 && descend(active) > innerPrecision * atZero);
      if (passes === 1) innerPrecision /= 4;

      const promised = steps.reduce((sum, step, j) => sum + slopes[j]! * step, normAlong(1) - normAlong(0));
      // Near the end the fall is less than what rounding does to the objective: then the whole step is as good as it looks.
      const rounding = 1e-14 * objective;
      let share = 1;
      while (share > 1e-10 && lossAlong(share) + normAlong(share) - objective > fall * share * promised + rounding) share /= 2;
      for (let feature = 0; feature < width; feature++) weights[feature]! += share * steps[feature]!;
      for (let row = 0; row < rows; row++) products[row]! += share * moves[row]!;
      return { violation: violation / atZero, objective };
    },
    /** Sets what a row's loss costs; goes on from the weights that were found for other costs, at first from 0. */
    start: (others: Float64Array): void => {
      costs.set(others);
      innerPrecision = 1;
      atZero = Math.max(1, violationAtZero());
    },
  };
};

/** How far the slope of the loss is from cancelling the penalty's, which at 0 may be anything from -1 to 1. */
const violationAt = (slope: number, weight: number): number =>
  weight === 0 ? Math.max(0, Math.abs(slope) - 1) : Math.abs(slope + Math.sign(weight));

/** The step to the minimum of slope·s + ½·curvature·s² + |weight + s|. */
const minimum = (slope: number, curvature: number, weight: number): number => {
  if (slope + 1 <= curvature * weight) return -(slope + 1) / curvature;
  if (slope - 1 >= curvature * weight) return -(slope - 1) / curvature;
  return -weight;
};
