import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { adamW, type Optimizer, sgd } from './optimizers.ts';
import { cosine } from './schedules.ts';
import { toyBatch, toyTrainer } from './testing/toy.ts';
import { startHere } from './testing/start-here.ts';
import { createTrainer, type Trainer, type TrainerOptions } from './trainer.ts';

const open: Trainer[] = [];
const trainerFor = async (optimizer: Optimizer, more: Partial<TrainerOptions> = {}): Promise<Trainer> => {
  const trainer = await createTrainer({ ...toyTrainer(), optimizer, ...more }, startHere);
  open.push(trainer);
  return trainer;
};
afterEach(() => Promise.all(open.splice(0).map((trainer) => trainer.close())));

const descent = sgd({ lr: 1 });
const difference = (a: Map<string, Float32Array>, b: Map<string, Float32Array>): number[] =>
  [...a].flatMap(([name, values]) => [...values].map((value, i) => b.get(name)![i]! - value));
const norm = (values: readonly number[]): number => Math.hypot(...values);

test('a network learns, with the same bits each time and with one thread or two', async () => {
  const run = async (threads: number) => {
    const trainer = await trainerFor(adamW({ lr: 0.05 }), { threads, clipNorm: 0.5, schedule: cosine({ warmUp: 3, total: 40 }) });
    const losses = [];
    for (let i = 0; i < 40; i++) losses.push((await trainer.step(toyBatch(i, i % 2 ? 8 : 16))).loss);
    return { losses, weights: trainer.weights() };
  };
  const first = await run(1);
  assert.ok(first.losses.at(-1)! < 0.2 * first.losses[0]!, String(first.losses));
  assert.deepEqual(await run(1), first);
  assert.deepEqual(await run(2), first);
});

test('clipping shortens the step and keeps its direction', async () => {
  const trainer = await trainerFor(descent);
  const start = trainer.weights();
  const { gradNorm } = await trainer.step(toyBatch(1));
  const free = difference(start, trainer.weights());
  assert.ok(Math.abs(norm(free) - gradNorm) < 1e-5);

  const clipped = await trainerFor(descent, { clipNorm: gradNorm / 4 });
  assert.equal((await clipped.step(toyBatch(1))).gradNorm, gradNorm);
  for (const [i, change] of difference(start, clipped.weights()).entries()) assert.ok(Math.abs(change - free[i]! / 4) < 1e-6);
});

test('several batches make one update by their mean gradient', async () => {
  const changeBy = async (...numbers: number[]): Promise<number[]> => {
    const trainer = await trainerFor(descent);
    const start = trainer.weights();
    const { updates } = await trainer.step(numbers.map((number) => toyBatch(number)));
    assert.equal(updates, 1);
    return difference(start, trainer.weights());
  };
  const [a, b, c] = [await changeBy(1), await changeBy(2), await changeBy(3)];
  const mean = await changeBy(1, 2, 3);
  for (const [i, change] of mean.entries()) assert.ok(Math.abs(change - (a[i]! + b[i]! + c[i]!) / 3) < 1e-6);
});

test('parameters have rates and decays of their own', async () => {
  const trainer = await trainerFor(sgd({ lr: 0, weightDecay: 0.5 }));
  const start = trainer.weights();
  await trainer.step(toyBatch(1));
  assert.deepEqual(trainer.weights(), start);

  const other = await trainerFor(adamW({ lr: 0.1 }), { parameter: (name) => (name === 'w1' ? { rate: 0 } : { weightDecay: 0 }) });
  await other.step(toyBatch(1));
  const moved = [...other.weights()].filter(([name, values]) => values.some((value, i) => value !== start.get(name)![i]));
  assert.deepEqual(
    moved.map(([name]) => name),
    ['b1', 'w2', 'b2'],
  );
});

test('rows of weight 0 only fill up a batch', async () => {
  const [whole, padded] = [await trainerFor(descent), await trainerFor(descent)];
  const { inputs } = toyBatch(1, 4);
  const { inputs: filling } = toyBatch(2, 8);
  const fill = <A extends Float32Array | BigInt64Array>(name: string): A => {
    const array = filling[name]!.slice() as A;
    array.set(inputs[name] as never);
    return array;
  };
  const rowWeights = new Float32Array(8).fill(1, 0, 4);
  const { loss } = await whole.step(toyBatch(1, 4));
  const again = await padded.step({ dims: { batch: 8 }, inputs: { x: fill('x'), labels: fill('labels'), rowWeights } });
  assert.ok(Math.abs(again.loss - loss) < 1e-6);
  assert.ok(norm(difference(whole.weights(), padded.weights())) < 1e-6);
});

test('kept weights come back', async () => {
  const trainer = await trainerFor(descent);
  await trainer.step(toyBatch(1));
  await trainer.keep();
  const kept = trainer.weights();
  await trainer.step(toyBatch(2));
  assert.notDeepEqual(trainer.weights(), kept);
  await trainer.restore();
  assert.deepEqual(trainer.weights(), kept);
});

test('what is not finite stops training before it reaches the weights, and says where it began', async () => {
  const trainer = await trainerFor(descent);
  const start = trainer.weights();
  const broken = toyBatch(1);
  (broken.inputs['x'] as Float32Array)[5] = Number.NaN;
  await assert.rejects(trainer.step(broken), { code: 'failed_precondition', reason: 'not_finite', message: /update 1:.* input x/ });
  const huge = toyBatch(1);
  (huge.inputs['rowWeights'] as Float32Array).fill(0);
  await assert.rejects(trainer.step(huge), { details: { update: 1, loss: 'NaN', where: 'gradient of w1' } });
  assert.deepEqual(trainer.weights(), start);

  const weights = toyTrainer().weights;
  const lost = await trainerFor(descent, { weights: new Map([...weights, ['b2', Float32Array.of(0, Number.POSITIVE_INFINITY, 0)]]) });
  await assert.rejects(lost.step(toyBatch(1)), { message: /weights of b2/ });
});

test('batches and weights that do not fit are refused by name', async () => {
  const trainer = await trainerFor(descent);
  const { dims, inputs } = toyBatch(1);
  const labels = BigInt64Array.of(0n, 1n, 3n, 0n, 0n, 0n, 0n, 0n);
  await assert.rejects(trainer.step({ dims, inputs: { ...inputs, labels } }), {
    reason: 'out_of_range',
    message: /labels holds 3 at place 2.*0 to 2/,
  });
  await assert.rejects(trainer.step({ dims, inputs: { ...inputs, labels: labels.fill(-1n) } }), { reason: 'out_of_range' });
  await assert.rejects(trainer.step({ dims, inputs: { ...inputs, x: new Float32Array(7) } }), {
    reason: 'wrong_shape',
    message: /7 values for x.*48/,
  });
  const { weights } = toyTrainer();
  const short = await trainerFor(descent, { weights: new Map([...weights, ['w1', new Float32Array(3)]]) });
  await assert.rejects(short.step(toyBatch(1)), { reason: 'wrong_shape', message: /w1 has 3 weights/ });
  const missing = await trainerFor(descent, { weights: new Map([...weights].slice(1)) });
  await assert.rejects(missing.step(toyBatch(1)), { reason: 'missing_weights' });
  await assert.rejects(trainerFor(descent, { clipNorm: 0 }), { reason: 'bad_option' });
});
