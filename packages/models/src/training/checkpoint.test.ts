import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, test } from 'node:test';
import { adamW, sgd } from './optimizers.ts';
import { linear } from './schedules.ts';
import { toyBatch, toyTrainer } from './testing/toy.ts';
import { startHere } from './testing/start-here.ts';
import { createTrainer, type Trainer, type TrainerOptions } from './trainer.ts';

const open: Trainer[] = [];
const trainerFor = async (more: Partial<TrainerOptions> = {}): Promise<Trainer> => {
  const trainer = await createTrainer(
    { ...toyTrainer(), optimizer: adamW({ lr: 0.05 }), schedule: linear({ total: 20 }), ...more },
    startHere,
  );
  open.push(trainer);
  return trainer;
};
const root = mkdtempSync(join(tmpdir(), 'checkpoint-'));
let folder = '';
let count = 0;
beforeEach(() => {
  folder = join(root, String(count++));
});
afterEach(() => Promise.all(open.splice(0).map((trainer) => trainer.close())));
after(() => rmSync(root, { recursive: true }));
const newest = (): string => join(folder, readdirSync(folder).sort().at(-1)!);
const steps = async (trainer: Trainer, from: number, to: number): Promise<void> => {
  for (let i = from; i < to; i++) await trainer.step(toyBatch(i));
};

test('a training that is resumed ends with the bits of one that was never interrupted', async () => {
  const whole = await trainerFor();
  await steps(whole, 0, 20);

  const first = await trainerFor();
  await steps(first, 0, 7);
  await first.keep();
  const kept = first.weights();
  await steps(first, 7, 9);
  await first.save(folder, { batch: 9 });
  await first.close();

  const second = await trainerFor({ threads: 2 });
  assert.deepEqual(await second.resume(folder), { progress: { batch: 9 } });
  await steps(second, 9, 20);
  assert.deepEqual(second.weights(), whole.weights());
  await second.restore();
  assert.deepEqual(second.weights(), kept);
});

test('a folder holds one checkpoint, the newest, and what was half written is cleared away', async () => {
  const trainer = await trainerFor();
  assert.equal(await trainer.resume(folder), undefined);
  mkdirSync(join(folder, '.writing'), { recursive: true });
  writeFileSync(join(folder, '.writing', 'weights.bin'), 'half');
  assert.equal(await trainer.resume(folder), undefined);
  await steps(trainer, 0, 2);
  await trainer.save(folder, 1);
  await trainer.save(folder, 2);
  assert.deepEqual(readdirSync(folder), ['checkpoint-00000002']);
  assert.deepEqual(await trainer.resume(folder), { progress: 2 });
});

test('killed between the rename and the removal of the old one, the newer counts', async () => {
  const trainer = await trainerFor();
  await steps(trainer, 0, 2);
  await trainer.save(folder, 'old');
  cpSync(newest(), join(root, 'old'), { recursive: true });
  await steps(trainer, 2, 3);
  await trainer.save(folder, 'new');
  cpSync(join(root, 'old'), join(folder, 'checkpoint-00000001'), { recursive: true });
  assert.deepEqual(await (await trainerFor()).resume(folder), { progress: 'new' });
});

test('damaged and mixed-up checkpoints are refused, and nothing has changed', async () => {
  const trainer = await trainerFor();
  await steps(trainer, 0, 2);
  await trainer.save(folder);
  const good = join(root, 'good');
  cpSync(newest(), good, { recursive: true });
  await steps(trainer, 2, 4);
  await trainer.save(folder);
  const refuses = async (harm: (path: string) => void, message: RegExp): Promise<void> => {
    const safe = join(root, 'safe');
    cpSync(newest(), safe, { recursive: true });
    harm(newest());
    const other = await trainerFor();
    const start = other.weights();
    await assert.rejects(other.resume(folder), { code: 'failed_precondition', reason: 'damaged_checkpoint', message });
    assert.deepEqual(other.weights(), start);
    rmSync(newest(), { recursive: true });
    cpSync(safe, join(folder, 'checkpoint-00000002'), { recursive: true });
    rmSync(safe, { recursive: true });
  };
  await refuses((path) => truncateSync(join(path, 'weights.bin'), 8), /weights.bin.*not what the manifest says/);
  await refuses((path) => truncateSync(join(path, 'manifest.json'), 20), /not whole/);
  await refuses((path) => rmSync(join(path, 'manifest.json')), /no manifest/);
  await refuses((path) => rmSync(join(path, 'first-moments.bin')), /first-moments.bin/);
  await refuses((path) => cpSync(join(good, 'second-moments.bin'), join(path, 'second-moments.bin')), /second-moments.bin/);
  await refuses((path) => writeFileSync(join(path, 'manifest.json'), '{"format":"boucle.checkpoint/9"}'), /format/);
  assert.deepEqual(await (await trainerFor()).resume(folder), { progress: null });
});

test('a checkpoint of another training is refused by what differs', async () => {
  const trainer = await trainerFor();
  await steps(trainer, 0, 1);
  await trainer.save(folder);
  const refuses = async (more: Partial<TrainerOptions>, what: string): Promise<void> =>
    assert.rejects((await trainerFor(more)).resume(folder), { reason: 'other_training', details: { what } });
  await refuses({ optimizer: sgd({ lr: 0.05 }) }, 'optimizer');
  await refuses({ schedule: linear({ total: 30 }) }, 'schedule');
  await refuses({ clipNorm: 1 }, 'clipNorm');
  await refuses({ seed: 4 }, 'seed');
  await refuses({ weights: new Map([...toyTrainer().weights].slice(1)) }, 'parameters');
  await refuses({ weights: new Map([...toyTrainer().weights, ['b2', new Float32Array(4)]]) }, 'names or sizes of weights');
  assert.ok(readFileSync(join(newest(), 'manifest.json'), 'utf8').includes('"boucle.checkpoint/1"'));
});
