import { invalid } from '@boucle/contract';
import type { Arena, Floats } from './arena.ts';
import type { TrainingProgram } from '../autodiff/index.ts';

/** A parameter that learns, and what its update needs. */
export interface Trainable {
  readonly name: string;
  readonly w: Floats;
  readonly g: Floats;
  readonly m: Floats;
  /** Of squares; SGD has none. */
  readonly v: Floats | undefined;
  /** Rows of an embedding whose gradient is not zero, in the order of the first touch; of other parameters undefined. */
  readonly touched: TouchedRows | undefined;
}

export interface TouchedRows {
  readonly width: number;
  readonly list: number[];
  readonly isTouched: Uint8Array;
}

export interface Parameters {
  /** Every parameter by name, also those that do not learn. */
  readonly weights: ReadonlyMap<string, Floats>;
  /** Those that learn, in the order in which programs named them. */
  readonly trainable: ReadonlyMap<string, Trainable>;
  /** Checks a program against the weights, and makes room for what it trains. */
  readonly admit: (program: TrainingProgram) => void;
  /** The weights as they were when `keep` was called last, of parameters that learn; empty before. */
  readonly kept: ReadonlyMap<string, Float32Array>;
  readonly keep: () => void;
  readonly restore: () => void;
  /** Makes room for what is trained, once; the same again changes nothing, and anything else is refused. */
  readonly train: (list: readonly TrainableShape[]) => void;
}

/** `width` is that of the rows of an embedding; other parameters have none. */
export interface TrainableShape {
  readonly name: string;
  readonly width: number | undefined;
}

export const createParameters = (weights: ReadonlyMap<string, Floats>, arena: Arena, secondMoments: boolean): Parameters => {
  const trainable = new Map<string, Trainable>();
  const kept = new Map<string, Float32Array>();
  const add = ({ name, width }: TrainableShape): void => {
    const w = weights.get(name)!;
    const count = w.data.length;
    const touched = width === undefined ? undefined : { width, list: [], isTouched: new Uint8Array(count / width) };
    const [g, m] = [arena.reserve(count), arena.reserve(count)];
    trainable.set(name, { name, w, g, m, v: secondMoments ? arena.reserve(count) : undefined, touched });
  };
  const train = (list: readonly TrainableShape[]): void => {
    if (trainable.size === 0) return list.forEach(add);
    const isSame = list.length === trainable.size && list.every(({ name, width }) => trainable.get(name)?.touched?.width === width);
    if (!isSame || !list.every(({ name }) => trainable.has(name))) {
      throw invalid('The programs of one training must train the same parameters', 'other_parameters');
    }
  };
  return {
    weights,
    trainable,
    kept,
    keep: () => {
      for (const [name, { w }] of trainable) {
        if (!kept.has(name)) kept.set(name, arena.reserve(w.data.length).data);
        kept.get(name)!.set(w.data);
      }
    },
    restore: () => {
      for (const [name, data] of kept) weights.get(name)!.data.set(data);
    },
    train,
    admit: ({ params, gradients, rowGradients }) => {
      for (const { name, shape } of params) refuseMisfit(name, shape, weights.get(name));
      const dense = new Set(gradients.map(({ param }) => param));
      const learns = new Set([...dense, ...rowGradients.map(({ param }) => param)]);
      const list = params.filter(({ name }) => learns.has(name));
      train(list.map(({ name, shape }) => ({ name, width: dense.has(name) ? undefined : shape.at(-1) })));
    },
  };
};

const refuseMisfit = (name: string, shape: readonly number[], weight: Floats | undefined): void => {
  if (!weight) throw invalid(`The model has a parameter ${name} and no weights were given for it`, 'missing_weights', { name });
  const count = shape.reduce((a, b) => a * b, 1);
  if (weight.data.length !== count) {
    throw invalid(`${name} has ${weight.data.length} weights, but its shape [${shape.join(', ')}] takes ${count}`, 'wrong_shape', { name });
  }
};
