import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import {
  buildTraining,
  crossEntropy,
  defineModel,
  embedding,
  float,
  initialWeights,
  int64,
  matMul,
  type Model,
  normal,
  param,
  reduceMean,
  reshape,
} from '../autodiff/index.ts';
import { adam, type Optimizer, sgd } from './optimizers.ts';
import { startHere } from './testing/start-here.ts';
import { createTrainer, type Trainer } from './trainer.ts';

const open: Trainer[] = [];
afterEach(() => Promise.all(open.splice(0).map((trainer) => trainer.close())));

/** The mean of the vectors of three words, once by looking them up, once as a product with rows of a unit matrix: the same function. */
const [words, width, length, batch] = [10, 6, 3, 4];
const params = { table: param([words, width], normal(1)), weight: param([width, 2], normal(1)) };
const byRows = defineModel({ params, inputs: { ids: int64(['batch', length]) } }, (p, { ids }) =>
  matMul(reduceMean(embedding(p.table, ids), { axes: [1] }), p.weight),
);
const byProduct = defineModel({ params, inputs: { units: float(['batch', length, words]) } }, (p, { units }) =>
  matMul(reduceMean(reshape(matMul(reshape(units, [batch * length, words]), p.table), [batch, length, width]), { axes: [1] }), p.weight),
);
const trainer = async (model: Model, optimizer: Optimizer, clipNorm?: number): Promise<Trainer> => {
  const made = await createTrainer(
    {
      programs: (dims) => buildTraining(model, { dims, loss: crossEntropy() }),
      weights: initialWeights(byRows, 1),
      optimizer,
      seed: 1,
      ...(clipNorm !== undefined && { clipNorm }),
    },
    startHere,
  );
  open.push(made);
  return made;
};
const batchOf = (ids: readonly number[]) => {
  const units = new Float32Array(ids.length * words);
  for (const [i, id] of ids.entries()) units[i * words + id] = 1;
  const labels = BigInt64Array.of(0n, 1n, 0n, 1n);
  return { dims: { batch }, inputs: { ids: BigInt64Array.from(ids, BigInt), units, labels, rowWeights: new Float32Array(batch).fill(1) } };
};
const first = batchOf([0, 0, 0, 1, 2, 0, 3, 3, 2, 0, 1, 9]);
const second = batchOf([4, 4, 5, 5, 6, 6, 4, 5, 6, 4, 4, 4]);
const row = (made: Trainer, id: number): number[] => [
  ...made
    .weights()
    .get('table')!
    .subarray(id * width, (id + 1) * width),
];

test('rows that occur several times get the sum of their gradients, with clipping and over several batches', async () => {
  for (const clipNorm of [undefined, 0.05]) {
    const [rows, product] = [await trainer(byRows, sgd({ lr: 0.5 }), clipNorm), await trainer(byProduct, sgd({ lr: 0.5 }), clipNorm)];
    for (const batches of [[first], [second], [first, second]]) {
      const [ours, dense] = [await rows.step(batches), await product.step(batches)];
      assert.ok(Math.abs(ours.gradNorm - dense.gradNorm) < 1e-6);
    }
    const dense = product.weights();
    for (const [name, values] of rows.weights())
      for (const [i, value] of values.entries()) assert.ok(Math.abs(value - dense.get(name)![i]!) < 1e-6);
  }
});

test('rows that a batch does not touch stay, with their moments; a dense update would move them on', async () => {
  const [lazy, dense] = [await trainer(byRows, adam({ lr: 0.1 })), await trainer(byProduct, adam({ lr: 0.1 }))];
  const start = row(lazy, 7);
  await lazy.step(first);
  await dense.step(first);
  assert.deepEqual(row(lazy, 7), start);
  const moved = row(lazy, 3);
  assert.ok(moved.every((value, i) => Math.abs(value - row(dense, 3)[i]!) < 1e-5));

  await lazy.step(second);
  await dense.step(second);
  assert.deepEqual(row(lazy, 3), moved);
  assert.notDeepEqual(row(dense, 3), moved);
});
