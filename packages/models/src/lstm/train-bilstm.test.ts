import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadModel, warmUp } from '../package/load-model.ts';
import { trainTextClassifier } from '../train-text-classifier.ts';
import type { TrainingHooks } from '../training-pace.ts';
import type { TextRows } from '../training-rows.ts';
import { createStream } from '../training/random-stream.ts';
import type { BilstmOptions } from './bilstm-options.ts';

const folder = mkdtempSync(join(tmpdir(), 'bilstm-'));
after(() => rmSync(folder, { recursive: true }));
let folders = 0;
const newFolder = (): string => join(folder, String(folders++));

/** A word is good or bad, and `not` before it turns it round: what a bag of words cannot tell. */
const textsOf = (count: number, stream: number): TextRows => {
  const random = createStream(1, [stream, 0]);
  const fill = (): string =>
    'the flight was late to land and we did see it'
      .split(' ')
      .slice(0, random() % 11)
      .join(' ');
  const rows = Array.from({ length: count }, () => {
    const [isGood, isTurned] = [random() % 2 === 1, random() % 2 === 1];
    const text = `${fill()} ${isTurned ? 'not ' : ''}${isGood ? 'good' : 'bad'} ${fill()}`;
    return { text, label: isGood === isTurned ? 'negative' : 'positive' };
  });
  return { texts: rows.map(({ text }) => text), labels: rows.map(({ label }) => label) };
};
const rows = textsOf(300, 1);
const small = {
  approach: 'bilstm',
  seed: 2,
  embeddingSize: 12,
  hiddenSize: 10,
  dropout: 0.1,
  learningRate: 0.02,
  batchSize: 16,
  epochs: 2,
} as const;
const train = (more: Partial<BilstmOptions> = {}, hooks: TrainingHooks = {}, some = rows) =>
  trainTextClassifier(some, { ...small, ...more }, hooks);

/** Trains, saves, and returns the bytes of all files of the package. */
const packageOf = async (more: Partial<BilstmOptions> = {}): Promise<string[]> => {
  const trained = await train(more);
  const path = newFolder();
  await trained.save(path, { inputExample: { text: ['not good', ''] } });
  await trained.close();
  return ['MLmodel', 'model.onnx', 'vocabulary.txt', 'expected_output.json'].map((name) => readFileSync(join(path, name), 'latin1'));
};

test('what a bag of words cannot tell is learned, and read again from its package', async () => {
  const test = textsOf(200, 2);
  for (const pooling of ['max', 'mean', 'last'] as const) {
    const trained = await train({ pooling, epochs: 20, patience: 20 });
    const predictions = await trained.predict(test.texts);
    const right = predictions.filter(({ label }, i) => label === test.labels[i]).length / 200;
    assert.ok(right > 0.95, `${pooling}: ${right}`);

    const path = newFolder();
    await trained.save(path, { inputExample: { text: test.texts.slice(0, 3) } });
    await trained.close();
    const loaded = await loadModel(path);
    await warmUp(loaded);
    const { label, score } = await loaded.predict({ text: test.texts });
    assert.deepEqual(
      label,
      predictions.map((one) => one.label),
    );
    assert.deepEqual(
      score,
      predictions.map((one) => one.score),
    );
    await loaded.close();
  }
});

test('the same training writes the same package: again, with two threads, and when it was interrupted', async () => {
  const first = await packageOf();
  assert.deepEqual(await packageOf(), first);
  assert.deepEqual(await packageOf({ threads: 2 }), first);

  const checkpoint = newFolder();
  const abort = new AbortController();
  const progress = (done: number): void => (done === 21 ? abort.abort() : undefined);
  await assert.rejects(train({ checkpoint }, { signal: abort.signal, progress }), { name: 'AbortError' });
  const steps: number[] = [];
  const resumed = await train({ checkpoint }, { metric: (name, _, step) => name === 'train_loss' && steps.push(step) });
  await resumed.close();
  assert.deepEqual(steps, [2]);
  assert.deepEqual(await packageOf({ checkpoint }), first);
  assert.notDeepEqual(await packageOf({ seed: 3 }), first);
});

test('texts that are empty, strange or endless are answered', async () => {
  const trained = await train({ maxLength: 20 });
  const texts = ['', ' ', '\ud800', '🙂', 'good '.repeat(200_000), 'x'.repeat(1_000_000)];
  for (const { scores } of await trained.predict(texts)) assert.ok(Math.abs(scores[0]! + scores[1]! - 1) < 1e-9);
  assert.deepEqual(await trained.predict([]), []);
  await trained.close();
});

test('a vocabulary of one word, few rows and empty texts can be learned from', async () => {
  const some = { texts: ['good', '', 'good', ''], labels: ['a', 'b', 'a', 'b'] };
  const trained = await train({ epochs: 20, minCount: 1 }, {}, some);
  assert.deepEqual(
    (await trained.predict(['good', 'other'])).map(({ label }) => label),
    ['a', 'b'],
  );
  await trained.close();
});

test('embeddings from a file are used, and stay as they are when they are frozen', async () => {
  const path = join(folder, 'vectors.txt');
  writeFileSync(path, 'good 1 0 0\nbad 0 1 0\nunheard 1 1 1\n');
  const lines: string[] = [];
  const { embeddingSize: _, ...rest } = small;
  const trained = await trainTextClassifier(
    rows,
    { ...rest, embeddings: path, freezeEmbeddings: true },
    { log: (line) => lines.push(line) },
  );
  assert.match(lines[0]!, /2 with given vectors/);
  await trained.close();
  await assert.rejects(train({ embeddings: path }), { reason: 'bad_option', message: /have 3 numbers.*says 12/ });
  await assert.rejects(train({ freezeEmbeddings: true }), { reason: 'bad_option' });
});

test('a loss that is not finite ends training and says where it began', async () => {
  const path = join(folder, 'huge.txt');
  writeFileSync(path, 'good 3.4e38 -3.4e38\nbad -3.4e38 3.4e38\n');
  const { embeddingSize: _, ...rest } = small;
  await assert.rejects(trainTextClassifier(rows, { ...rest, embeddings: path }), {
    code: 'failed_precondition',
    reason: 'not_finite',
    message: /update 1:.*epoch 1, batch 1/,
  });
});

test('cancelled in the middle of a step, training ends with the reason', async () => {
  const reason = new Error('enough');
  const abort = new AbortController();
  const long = { texts: rows.texts.map((text) => `${text} `.repeat(20)), labels: rows.labels };
  const training = train(
    { maxLength: 150, batchSize: 128, hiddenSize: 64, epochs: 50 },
    { signal: abort.signal, progress: () => setTimeout(() => abort.abort(reason), 2) },
    long,
  );
  await assert.rejects(training, reason);
});

test('what cannot be trained is refused by name', async () => {
  const refuses = (more: object, reason: string) => assert.rejects(train(more), { code: 'invalid_request', reason });
  await refuses({ hiddenSize: 0 }, 'bad_option');
  await refuses({ dropout: 1 }, 'bad_option');
  await refuses({ pooling: 'first' }, 'bad_option');
  await refuses({ seed: -1 }, 'bad_option');
  await refuses({ minCount: 1e6 }, 'empty_vocabulary');
  await refuses({ classWeight: { none: 2 } }, 'bad_option');
  await refuses({ validation: { texts: ['good'], labels: ['neutral'] } }, 'unknown_label');
  await refuses({ validation: { texts: [], labels: [] } }, 'no_rows');
});

test('a package whose parts do not belong together is refused', async () => {
  const trained = await train();
  const path = newFolder();
  await trained.save(path, { inputExample: { text: ['good'] } });
  await trained.close();
  writeFileSync(join(path, 'vocabulary.txt'), '<pad>\n<unk>\ngood\n');
  await assert.rejects(loadModel(path), { code: 'failed_precondition', reason: 'damaged_package' });
});
