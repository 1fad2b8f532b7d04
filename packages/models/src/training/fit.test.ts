import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { fit, type FitOptions, type Fitted } from './fit.ts';
import { createLoader, type RowBatch } from './loader.ts';
import { adamW } from './optimizers.ts';
import { toyBatch, toyTrainer } from './testing/toy.ts';
import { startHere } from './testing/start-here.ts';
import { type Batch, createTrainer, type Trainer } from './trainer.ts';

const open: Trainer[] = [];
afterEach(() => Promise.all(open.splice(0).map((trainer) => trainer.close())));

/** 30 rows in batches of 8: four batches an epoch, the last of 6 rows. */
const rows = toyBatch(1, 30);
const loader = createLoader({ lengths: Array.from({ length: 30 }, () => 1), batchSize: 8, seed: 5 });
const batch = ({ rows: some }: RowBatch, size: number): Batch => {
  const { x, labels } = rows.inputs as { x: Float32Array; labels: BigInt64Array };
  const inputs = { x: new Float32Array(size * 6), labels: new BigInt64Array(size), rowWeights: new Float32Array(size) };
  for (const [i, row] of some.entries()) {
    inputs.x.set(x.subarray(row * 6, row * 6 + 6), i * 6);
    inputs.labels[i] = labels[row]!;
    inputs.rowWeights[i] = 1;
  }
  return { dims: { batch: size }, inputs };
};
const fitToy = async (more: Partial<FitOptions> = {}, lr = 0.05): Promise<{ fitted: Fitted; trainer: Trainer }> => {
  const trainer = await createTrainer({ ...toyTrainer(), optimizer: adamW({ lr }) }, startHere);
  open.push(trainer);
  return { trainer, fitted: await fit({ trainer, loader, batch, epochs: 5, ...more }) };
};
/** Validation that is told its scores. */
const scored =
  (...scores: number[]): NonNullable<FitOptions['validate']> =>
  (weights) => {
    seen.push(weights);
    return Promise.resolve({ score: scores[seen.length - 1]!, metrics: { half: scores[seen.length - 1]! / 2 } });
  };
let seen: ReadonlyMap<string, Float32Array>[] = [];
afterEach(() => {
  seen = [];
});

test('epochs, metrics and progress are told as they happen', async () => {
  const told: unknown[][] = [];
  const done: number[] = [];
  const hooks = { metric: (...args: unknown[]) => void told.push(args), progress: (now: number, all: number) => void done.push(now / all) };
  const { fitted } = await fitToy({ epochs: 2, validate: scored(1, 2), hooks });
  assert.deepEqual(fitted, { epochs: 2, updates: 8, best: { epoch: 1, score: 2 }, hasStoppedEarly: false });
  assert.deepEqual(
    told.map(([name, , step]) => [name, step]),
    [
      ['train_loss', 1],
      ['half', 1],
      ['train_loss', 2],
      ['half', 2],
    ],
  );
  assert.ok((told[2]![1] as number) < (told[0]![1] as number));
  assert.deepEqual(
    done,
    [1, 2, 3, 4, 5, 6, 7, 8].map((n) => n / 8),
  );
});

test('training stops when validation gets no better, with the weights of the best epoch', async () => {
  const { fitted, trainer } = await fitToy({ epochs: 10, patience: 2, validate: scored(1, 3, 2, 3, 9) });
  assert.deepEqual(fitted, { epochs: 4, updates: 16, best: { epoch: 1, score: 3 }, hasStoppedEarly: true });
  assert.deepEqual(trainer.weights(), seen[1]);
});

test('accumulation makes an update of several batches', async () => {
  const { fitted } = await fitToy({ accumulate: 3 });
  assert.equal(fitted.updates, 10);
});

test('interrupted anywhere, also within an epoch, and resumed, it ends with the same bits', async () => {
  const scores = [1, 3, 2, 2, 1];
  const whole = await fitToy({ validate: scored(...scores) });
  for (const stopAt of [3, 9, 12]) {
    seen = [];
    const folder = mkdtempSync(join(tmpdir(), 'fit-'));
    const checkpoint = { folder, every: 2 };
    const abort = new AbortController();
    const progress = (done: number): void => (done === stopAt ? abort.abort() : undefined);
    await assert.rejects(fitToy({ checkpoint, validate: scored(...scores), hooks: { signal: abort.signal, progress } }), {
      name: 'AbortError',
    });
    // The epochs before the checkpoint are not validated again.
    const { fitted, trainer } = await fitToy({ checkpoint, validate: scored(...scores) });
    assert.deepEqual(fitted, whole.fitted);
    assert.deepEqual(trainer.weights(), whole.trainer.weights());
    rmSync(folder, { recursive: true });
  }
});

test('a checkpoint of other rows, or of other batches, is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fit-'));
  const checkpoint = { folder };
  await fitToy({ checkpoint, epochs: 1 });
  const other = createLoader({ lengths: Array.from({ length: 29 }, () => 1), batchSize: 8, seed: 5 });
  await assert.rejects(fitToy({ checkpoint, loader: other }), { reason: 'other_training', details: { what: 'rows' } });
  await assert.rejects(fitToy({ checkpoint, accumulate: 2 }), { reason: 'other_training' });
  assert.equal((await fitToy({ checkpoint, epochs: 2 })).fitted.updates, 8);
  rmSync(folder, { recursive: true });
});

test('a loss that is not finite ends training with update, epoch, batch and origin', async () => {
  const broken = ({ rows: some }: RowBatch, size: number): Batch => {
    const made = batch({ rows: some, length: 1 }, size);
    if (some.includes(17)) (made.inputs['x'] as Float32Array)[0] = Number.NaN;
    return made;
  };
  const at = 1 + loader.epoch(0).findIndex(({ rows: some }) => some.includes(17));
  await assert.rejects(fitToy({ batch: broken }), {
    reason: 'not_finite',
    details: { update: at, epoch: 1, batch: at, loss: 'NaN', where: 'input x' },
  });
  await assert.rejects(fitToy({ validate: scored(Number.NaN) }), { reason: 'not_finite', message: /Validation after epoch 1/ });
});
