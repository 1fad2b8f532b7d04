import { createMatrixBuilder, type SparseMatrix } from '../linear/sparse-matrix.ts';
import type { TableFeature } from './table-columns.ts';

/** How a feature becomes columns of the design, and where these begin. */
export type DesignPart =
  | {
      readonly kind: 'scaled';
      readonly begin: number;
      /** Stands in for a missing number; a column beside the number's says that it was missing. */
      readonly median: number;
      readonly mean: number;
      readonly deviation: number;
    }
  /** A column for each code, that of the unknown and the missing first. */
  | { readonly kind: 'one-hot'; readonly begin: number; readonly width: number };

export interface LinearDesign {
  readonly parts: readonly DesignPart[];
  readonly width: number;
}

/** What preparing learns from the rows of training: medians, means and deviations of numbers, with missing ones filled in. */
export const learnDesign = (features: readonly TableFeature[], columns: readonly Float32Array[]): LinearDesign => {
  let width = 0;
  const parts = features.map(({ kind, categories }, i): DesignPart => {
    const begin = width;
    if (kind === 'category') {
      width += categories.length + 1;
      return { kind: 'one-hot', begin, width: categories.length + 1 };
    }
    width += 2;
    return { kind: 'scaled', begin, ...spread(columns[i]!) };
  });
  return { parts, width };
};

const spread = (values: Float32Array): { median: number; mean: number; deviation: number } => {
  const present = values.filter((value) => value === value).sort();
  const middle = present.length / 2;
  const median = (present[Math.ceil(middle) - 1]! + present[Math.floor(middle)]!) / 2;
  const filled = (value: number): number => (value === value ? value : median);
  let sum = 0;
  for (const value of values) sum += filled(value);
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (filled(value) - mean) ** 2;
  // A column that never changes says nothing: it becomes noughts.
  return { median, mean, deviation: Math.sqrt(squares / values.length) || 1 };
};

/** The rows of the design; noughts are left out. */
export const designMatrix = ({ parts, width }: LinearDesign, columns: readonly Float32Array[], rows: number): SparseMatrix => {
  const builder = createMatrixBuilder(rows, width);
  const at = new Int32Array(parts.length * 2);
  const values = new Float64Array(parts.length * 2);
  for (let row = 0; row < rows; row++) {
    let size = 0;
    const put = (column: number, value: number): void => {
      if (value === 0) return;
      at[size] = column;
      values[size++] = value;
    };
    for (const [i, part] of parts.entries()) {
      const value = columns[i]![row]!;
      if (part.kind === 'one-hot') put(part.begin + value, 1);
      else {
        put(part.begin, scaled(part, value));
        put(part.begin + 1, value === value ? 0 : 1);
      }
    }
    builder.add({ size, columns: at, values });
  }
  return builder.matrix();
};

const scaled = ({ median, mean, deviation }: Extract<DesignPart, { kind: 'scaled' }>, value: number): number =>
  ((value === value ? value : median) - mean) / deviation;

/** A linear model on a design: weights by column, and within it by output. */
export interface LinearWeights {
  readonly design: LinearDesign;
  readonly biases: readonly number[];
  readonly weights: readonly number[];
}

/** Scores rows: row by row, an output after the other. */
export const createLinearScorer =
  ({ design: { parts }, biases, weights }: LinearWeights) =>
  (columns: readonly Float32Array[], rows: number): Float64Array => {
    const outputs = biases.length;
    const scores = new Float64Array(rows * outputs);
    for (let row = 0; row < rows; row++) {
      const add = (column: number, factor: number): void => {
        for (let output = 0; output < outputs; output++) scores[row * outputs + output]! += factor * weights[column * outputs + output]!;
      };
      scores.set(biases, row * outputs);
      for (const [i, part] of parts.entries()) {
        const value = columns[i]![row]!;
        if (part.kind === 'one-hot') add(part.begin + value, 1);
        else {
          add(part.begin, scaled(part, value));
          if (value !== value) add(part.begin + 1, 1);
        }
      }
    }
    return scores;
  };

/** What each feature adds to one of a row's scores, on top of the bias: exact, for the score is their sum. Standardised numbers add nothing at their mean. */
export const linearContributions = (
  { design: { parts }, biases, weights }: LinearWeights,
  values: Float32Array,
  output: number,
): { baseline: number; shares: Float64Array } => {
  const weight = (column: number): number => weights[column * biases.length + output]!;
  const shares = Float64Array.from(parts, (part, i) => {
    const value = values[i]!;
    if (part.kind === 'one-hot') return weight(part.begin + value);
    return scaled(part, value) * weight(part.begin) + (value === value ? 0 : weight(part.begin + 1));
  });
  return { baseline: biases[output]!, shares };
};
