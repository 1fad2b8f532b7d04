import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spawnSync } from 'node:child_process';
import { createMemory } from './kernels/kernels.ts';
import { sgd } from './optimizers.ts';
import { constant } from './schedules.ts';
import { startThread } from './thread.ts';
import { toyBatch, toyTrainer } from './testing/toy.ts';
import { createTrainer } from './trainer.ts';

const long = toyBatch(1, 200_000);

test('while a long step runs, the timers of the caller go on', async () => {
  const trainer = await createTrainer({ ...toyTrainer(), optimizer: sgd({ lr: 1 }) });
  await trainer.step(long);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 2);
  const start = performance.now();
  await trainer.step([long, long, long, long, long]);
  const took = performance.now() - start;
  clearInterval(timer);
  await trainer.close();
  assert.ok(ticks >= took / 20, `${ticks} ticks in ${took} ms`);
});

test('a step that is cancelled ends with the reason, changes nothing, and the next one works', async () => {
  const trainer = await createTrainer({ ...toyTrainer(), optimizer: sgd({ lr: 1 }) });
  await trainer.step(long);
  const start = trainer.weights();
  const reason = new Error('enough');
  const abort = new AbortController();
  const step = trainer.step(
    Array.from({ length: 200 }, () => long),
    abort.signal,
  );
  setTimeout(() => abort.abort(reason), 20);
  await assert.rejects(step, reason);
  assert.deepEqual(trainer.weights(), start);
  await assert.rejects(trainer.step(long, abort.signal), reason);
  assert.equal((await trainer.step(toyBatch(2))).updates, 2);
  await trainer.close();
});

test('closing ends the thread in the middle of a step, and says so to whoever waits or asks again', async () => {
  const trainer = await createTrainer({ ...toyTrainer(), optimizer: sgd({ lr: 1 }) });
  await trainer.step(long);
  const step = assert.rejects(trainer.step([long, long, long]), { reason: 'trainer_closed' });
  await new Promise((resolve) => setTimeout(resolve, 10));
  await trainer.close();
  await step;
  await assert.rejects(trainer.step(long), { code: 'failed_precondition', reason: 'trainer_closed' });
});

test('a process that ends in the middle of a step ends in peace', () => {
  const url = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);
  const script = `
    import { createTrainer } from ${url('trainer.ts')};
    import { sgd } from ${url('optimizers.ts')};
    import { toyBatch, toyTrainer } from ${url('testing/toy.ts')};
    const trainer = await createTrainer({ ...toyTrainer(), optimizer: sgd({ lr: 1 }) });
    const long = toyBatch(1, 200_000);
    await trainer.step(long);
    void trainer.step([long, long, long, long]);
    setTimeout(() => process.exit(7), 20);`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  assert.deepEqual({ status, stderr }, { status: 7, stderr: '' });
});

test('a thread that dies says why', async () => {
  const recipe = { optimizer: sgd({ lr: 1 }), schedule: constant(), clipNorm: null, seed: 1, parameters: {} };
  const misaligned = [{ name: 'w', address: 1, count: 1 }];
  const thread = startThread({ memory: createMemory(1), layout: misaligned, used: 8, threads: 1, recipe });
  await assert.rejects(thread.call({ kind: 'keep' }), { code: 'unavailable', reason: 'trainer_ended', message: /Float32Array/ });
});
