/** What an integer of the kernels is worth: powers of two, so that nothing is lost in turning sums back. */
export interface Unit {
  readonly gradient: number;
  readonly hessian: number;
}

/** A loss with its first two derivatives by the scores. */
export interface Objective {
  /** Scores per row, and so trees per round. */
  readonly outputs: number;
  /** The scores, the same for all rows, that lose least. */
  readonly base: readonly number[];
  /** Takes the scores (row by row, an output after the other) that the trees of one round are all grown from. */
  readonly begin: (scores: Float64Array) => void;
  /** Writes each row's two derivatives by one of the scores, as integers side by side; what is below one is cut off. */
  readonly write: (output: number, into: Int32Array) => Unit;
  /** Mean over the rows. */
  readonly loss: (scores: Float64Array) => number;
}

const bits = 30;
/** The finest power of two in which values up to `most` still fit. */
const unitFor = (most: number): number => 2 ** (Math.ceil(Math.log2(most || 1)) - bits);

/** Half the squared difference from the targets. */
export const squaredError = (targets: Float64Array): Objective => {
  let errors = new Float64Array();
  let most = 0;
  return {
    outputs: 1,
    base: [mean(targets)],
    begin: (scores) => {
      errors = errors.length === 0 ? new Float64Array(targets.length) : errors;
      most = 0;
      for (let row = 0; row < targets.length; row++) {
        const error = scores[row]! - targets[row]!;
        errors[row] = error;
        if (Math.abs(error) > most) most = Math.abs(error);
      }
    },
    write: (_output, into) => {
      const unit = unitFor(most);
      for (let row = 0; row < errors.length; row++) {
        into[2 * row] = errors[row]! / unit;
        into[2 * row + 1] = 1;
      }
      return { gradient: unit, hessian: 1 };
    },
    loss: (scores) => {
      let sum = 0;
      for (let row = 0; row < targets.length; row++) sum += (scores[row]! - targets[row]!) ** 2;
      return sum / targets.length / 2;
    },
  };
};

export const logistic = (score: number): number => 1 / (1 + Math.exp(-score));

/** Logistic loss; the score is the log of the odds of class 1. */
export const binaryLogLoss = (classes: Uint16Array): Objective => {
  const share = mean(classes);
  let current: Float64Array = new Float64Array();
  const [gradient, hessian] = [2 ** -bits, 2 ** -(bits + 2)];
  return {
    outputs: 1,
    base: [Math.log(share / (1 - share))],
    begin: (scores) => {
      current = scores;
    },
    write: (_output, into) => {
      for (let row = 0; row < classes.length; row++) {
        const probability = logistic(current[row]!);
        into[2 * row] = (probability - classes[row]!) / gradient;
        into[2 * row + 1] = (probability * (1 - probability)) / hessian;
      }
      return { gradient, hessian };
    },
    loss: (scores) => {
      let sum = 0;
      for (let row = 0; row < classes.length; row++) {
        const margin = classes[row] === 1 ? scores[row]! : -scores[row]!;
        sum += margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin;
      }
      return sum / classes.length;
    },
  };
};

/** Scores of one row, turned in place into probabilities that sum to 1. */
export const softmaxInPlace = (scores: Float64Array, begin: number, outputs: number): void => {
  let most = -Infinity;
  for (let i = begin; i < begin + outputs; i++) most = Math.max(most, scores[i]!);
  let sum = 0;
  for (let i = begin; i < begin + outputs; i++) sum += scores[i] = Math.exp(scores[i]! - most);
  for (let i = begin; i < begin + outputs; i++) scores[i]! /= sum;
};

/** Cross-entropy of the softmax; the second derivatives are scaled up by K / (K - 1), for the K scores move together (Friedman 2001). */
export const softmaxLogLoss = (classes: Uint16Array, outputs: number): Objective => {
  const factor = outputs / (outputs - 1);
  const counts = new Float64Array(outputs);
  for (const one of classes) counts[one]!++;
  const probabilities = new Float64Array(classes.length * outputs);
  const [gradient, hessian] = [2 ** -bits, 2 ** -(bits + 1)];
  const update = (scores: Float64Array): void => {
    probabilities.set(scores);
    for (let begin = 0; begin < probabilities.length; begin += outputs) softmaxInPlace(probabilities, begin, outputs);
  };
  return {
    outputs,
    base: Array.from(counts, (count) => Math.log(count / classes.length)),
    begin: update,
    write: (output, into) => {
      for (let row = 0, at = output; row < classes.length; row++, at += outputs) {
        const probability = probabilities[at]!;
        into[2 * row] = (probability - (classes[row] === output ? 1 : 0)) / gradient;
        into[2 * row + 1] = (factor * probability * (1 - probability)) / hessian;
      }
      return { gradient, hessian };
    },
    loss: (scores) => {
      const row = new Float64Array(outputs);
      let sum = 0;
      for (const [i, one] of classes.entries()) {
        row.set(scores.subarray(i * outputs, (i + 1) * outputs));
        softmaxInPlace(row, 0, outputs);
        sum -= Math.log(Math.max(row[one]!, Number.MIN_VALUE));
      }
      return sum / classes.length;
    },
  };
};

const mean = (values: Float64Array | Uint16Array): number => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
};
