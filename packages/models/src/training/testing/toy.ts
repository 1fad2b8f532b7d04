import {
  add,
  buildTraining,
  crossEntropy,
  defineModel,
  float,
  initialWeights,
  matMul,
  normal,
  param,
  tanh,
  zeros,
} from '../../autodiff/index.ts';
import { createStream } from '../random-stream.ts';
import type { Batch, TrainerOptions } from '../trainer.ts';

/** A small network and rows for it, for tests. */
const [features, hidden, classes] = [6, 8, 3];
const model = defineModel(
  {
    params: {
      w1: param([features, hidden], normal(0.5)),
      b1: param([hidden], zeros),
      w2: param([hidden, classes], normal(0.5)),
      b2: param([classes], zeros),
    },
    inputs: { x: float(['batch', features]) },
  },
  (p, { x }) => add(matMul(tanh(add(matMul(x, p.w1), p.b1)), p.w2), p.b2),
);

export const toyTrainer = (): Pick<TrainerOptions, 'programs' | 'weights' | 'bounds' | 'seed'> => ({
  programs: (dims) => buildTraining(model, { dims, loss: crossEntropy() }),
  weights: initialWeights(model, 3),
  bounds: { labels: classes },
  seed: 3,
});

/** The same rows for the same number. */
export const toyBatch = (number: number, batch = 8): Batch => {
  const random = createStream(number, [7, 7]);
  const labels = BigInt64Array.from({ length: batch }, () => BigInt(random() % classes));
  const x = Float32Array.from(
    { length: batch * features },
    (_, i) => random() / 2 ** 32 + (Number(labels[Math.floor(i / features)]) === i % 3 ? 1 : 0),
  );
  return { dims: { batch }, inputs: { x, labels, rowWeights: new Float32Array(batch).fill(1) } };
};
