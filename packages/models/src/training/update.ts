import type { Kernels } from './kernels/kernels.ts';
import { adamNumbers, type Optimizer, sgdNumbers, type UpdateTerms } from './optimizers.ts';
import type { Trainable } from './parameters.ts';

/** How a parameter departs from the optimiser: a factor of its rate, and its own decay. */
export interface ParameterSettings {
  readonly rate: number;
  readonly weightDecay: number;
}

interface Update {
  readonly optimizer: Optimizer;
  readonly settings: ReadonlyMap<string, ParameterSettings>;
  /** The rate now, by schedule. */
  readonly rate: number;
  readonly scale: number;
  /** How many updates there were, with this one. */
  readonly number: number;
}

/** Moves every parameter by its gradient; of embeddings the touched rows. */
export const updateAll = (kernels: Kernels, parameters: Iterable<Trainable>, update: Update): void => {
  for (const parameter of parameters) {
    const { rate, weightDecay } = update.settings.get(parameter.name)!;
    const terms = { scale: update.scale, rate: update.rate * rate, weightDecay, update: update.number };
    for (const [start, count] of stretches(parameter)) updateStretch(kernels, update.optimizer, parameter, { start, count, terms });
  }
};

interface Stretch {
  readonly start: number;
  readonly count: number;
  readonly terms: UpdateTerms;
}

const updateStretch = (kernels: Kernels, optimizer: Optimizer, { w, g, m, v }: Trainable, { start, count, terms }: Stretch): void => {
  const at = (address: number): number => address + 4 * start;
  if (optimizer.kind === 'sgd') kernels.sgd(at(w.address), at(g.address), at(m.address), count, ...sgdNumbers(optimizer, terms));
  else kernels.adam(at(w.address), at(g.address), at(m.address), at(v!.address), count, ...adamNumbers(optimizer, terms));
};

/** The whole array, or its touched rows. */
const stretches = ({ w, touched }: Trainable): Iterable<readonly [start: number, count: number]> =>
  touched ? touched.list.map((row) => [row * touched.width, touched.width] as const) : [[0, w.data.length]];

/** The sum of squares of each parameter's gradient, in float64. */
export const squaresOf = (kernels: Kernels, parameter: Trainable): number => {
  let sum = 0;
  for (const [start, count] of stretches(parameter)) sum += kernels.sumSquares(parameter.g.address + 4 * start, count);
  return sum;
};

/** Row gradients add up; so the rows that were touched are set to zero before the next batch. */
export const forgetRows = ({ g, touched }: Trainable): void => {
  if (!touched) return;
  for (const row of touched.list) {
    g.data.fill(0, row * touched.width, (row + 1) * touched.width);
    touched.isTouched[row] = 0;
  }
  touched.list.length = 0;
};

/** Adds the rows of a batch to an embedding's gradient. */
export const addRows = ({ g, touched }: Trainable, ids: BigInt64Array, rows: Float32Array): void => {
  const width = rows.length / ids.length;
  for (let i = 0; i < ids.length; i++) {
    const row = Number(ids[i]);
    if (touched && touched.isTouched[row] === 0) {
      touched.isTouched[row] = 1;
      touched.list.push(row);
    }
    for (let from = i * width, to = row * width, end = from + width; from < end; from++, to++) g.data[to]! += rows[from]!;
  }
};

export const addInto = (sum: Float32Array, more: Float32Array): void => {
  for (let i = 0; i < sum.length; i++) sum[i]! += more[i]!;
};
