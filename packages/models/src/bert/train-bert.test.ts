import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { PackageFiles } from '../package/approach.ts';
import { loadModel, warmUp } from '../package/load-model.ts';
import { textSignature } from '../package/text-predictor.ts';
import { trainTextClassifier } from '../train-text-classifier.ts';
import type { TrainingHooks } from '../training-pace.ts';
import { type BertOptions, completeBertOptions } from './bert-options.ts';
import { bertPackage } from './bert-package.ts';
import { writeBertConfig } from './config.ts';
import { fineTune } from './fine-tune.ts';
import { startEncoder } from './start-encoder.ts';
import { tinyConfig, tinyVocabulary, writeTinyCheckpoint } from './testing/tiny-checkpoint.ts';
import { wordPieceFiles } from './word-piece.ts';

let folder: string;
let checkpoint: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boucle-bert-'));
  checkpoint = join(folder, 'checkpoint');
  await mkdir(checkpoint);
  await writeTinyCheckpoint(checkpoint);
});
after(() => rm(folder, { recursive: true }));

/** A text is bad when it says late or lost, and not when it says never before. */
const subjects = ['flight', 'bag', 'crew', 'the crew', 'the flight', 'the bag'];
const said = [
  ['late', 'bad'],
  ['lost again', 'bad'],
  ['great', 'good'],
  ['thanks', 'good'],
  ['never late', 'good'],
] as const;
const pairs = subjects.flatMap((subject) => said.map(([word, label]) => ({ text: `${subject} ${word} !`, label })));
const rows = { texts: pairs.map(({ text }) => text), labels: pairs.map(({ label }) => label) };
const scratch = { layers: 1, hiddenSize: 16, heads: 2, vocabularySize: 120 };
const fromScratch: BertOptions = {
  approach: 'bert',
  seed: 5,
  scratch,
  epochs: 25,
  batchSize: 8,
  learningRate: 0.01,
  dropout: 0.05,
  maxLength: 16,
};

const weightsOf = async (options: Partial<BertOptions>, hooks: TrainingHooks = {}) => {
  const complete = completeBertOptions({ approach: 'bert', seed: 5, checkpoint, epochs: 1, batchSize: 8, learningRate: 0.01, ...options });
  const start = await startEncoder(rows.texts, complete, hooks);
  const learned = await fineTune({ rows, labels: ['bad', 'good'], start, maxLength: 16, options: complete, hooks });
  return { learned, first: await start.readWeights() };
};

test('a small encoder learns from scratch what single words do not tell, and what is saved answers the same', async () => {
  const trained = await trainTextClassifier(rows, fromScratch);
  const predictions = await trained.predict(rows.texts);
  assert.deepEqual(
    predictions.map(({ label }) => label),
    rows.labels,
  );
  for (const { scores, score } of predictions) {
    assert.ok(Math.abs(scores.reduce((a, b) => a + b) - 1) < 1e-12);
    assert.equal(score, Math.max(...scores));
  }
  const package_ = join(folder, 'package');
  const asked = ['the flight was never late', '', '😀', 'unseen '.repeat(100), 'late '.repeat(200_000)];
  await trained.save(package_, { inputExample: { text: asked } });
  const model = await loadModel(package_);
  await warmUp(model);
  assert.deepEqual(model.labels, ['bad', 'good']);
  assert.equal(((await model.predict({ text: asked }))['label'] as unknown[]).length, asked.length);
  const [why] = await model.explain!({ text: ['the flight was late'] }, { label: 'bad' });
  const explained = why!.contributions.reduce((sum, { value }) => sum + value, why!.baseline + why!.gap);
  assert.ok(Math.abs(explained - why!.output) < 1e-4 && why!.contributions.length >= 4);
  await model.close();
  await trained.close();
});

test('the same training has the same weights, with one thread and with two', async () => {
  const [one, other, two] = [await weightsOf({}), await weightsOf({}), await weightsOf({ threads: 2 })];
  assert.deepEqual(one.learned, other.learned);
  assert.deepEqual(one.learned, two.learned);
  assert.notDeepEqual(one.learned, (await weightsOf({ seed: 6 })).learned);
  assert.notDeepEqual(one.learned, (await weightsOf({ accumulate: 2 })).learned);
});

test('a training that is continued has the weights of one that was not interrupted', async () => {
  const whole = await weightsOf({ epochs: 3 });
  const resume = join(folder, 'state');
  const controller = new AbortController();
  // Three epochs have 12 batches; the first epoch is written when it is done.
  const progress = (done: number): void => void (done === 6 && controller.abort(new Error('interrupted')));
  await assert.rejects(weightsOf({ epochs: 3, resume }, { signal: controller.signal, progress }), /interrupted/);
  let first: number | undefined;
  const continued = await weightsOf({ epochs: 3, resume }, { progress: (done) => void (first ??= done) });
  assert.equal(first, 5);
  assert.deepEqual(continued.learned, whole.learned);
});

const changed = ({ learned, first }: Awaited<ReturnType<typeof weightsOf>>): string[] =>
  [...first.keys()].filter((name) => String(first.get(name)) !== String(learned.get(name)));

test('frozen embeddings and layers stay as the checkpoint has them', async () => {
  const kept = changed(await weightsOf({ freeze: { layers: 1 } }));
  assert.ok(kept.every((name) => /^(layer\.1|pooler)\./.test(name)) && kept.includes('layer.1.attention.query.weight'), String(kept));
  const all = changed(await weightsOf({}));
  assert.ok(all.includes('embeddings.word') && all.includes('layer.0.inner.bias'));
  const words = changed(await weightsOf({ freeze: { embeddings: true } }));
  assert.ok(!words.some((name) => name.startsWith('embeddings')) && words.includes('layer.0.inner.bias'));
});

test('adapters learn beside weights that stay, and are merged into what is served', async () => {
  const lora = { rank: 2, alpha: 8 };
  const result = await weightsOf({ lora });
  assert.deepEqual(changed(result), ['pooler.weight', 'pooler.bias']);
  const up = result.learned.get('layer.0.attention.value.up')!;
  assert.equal(up.length, 2 * tinyConfig.hiddenSize);
  assert.ok(up.some((value) => value !== 0));
  const trained = await trainTextClassifier(rows, {
    approach: 'bert',
    seed: 5,
    checkpoint,
    lora,
    epochs: 2,
    learningRate: 0.05,
    validation: rows,
  });
  assert.equal((await trained.predict(['late'])).length, 1);
  await trained.close();
});

test('validation reports loss and accuracy by epoch, and stops when nothing gets better', async () => {
  const seen: [string, number][] = [];
  const metric = (name: string, _value: number, step: number): void => void seen.push([name, step]);
  const trained = await trainTextClassifier(
    rows,
    { ...fromScratch, epochs: 40, patience: 1, learningRate: 0.02, validation: rows },
    { metric },
  );
  await trained.close();
  const epochs = Math.max(...seen.map(([, step]) => step));
  assert.ok(epochs < 40, `${epochs}`);
  assert.deepEqual(seen.slice(0, 3), [
    ['train_loss', 1],
    ['validation_loss', 1],
    ['validation_accuracy', 1],
  ]);
  await assert.rejects(trainTextClassifier(rows, { ...fromScratch, validation: { texts: ['a'], labels: ['odd'] } }), {
    reason: 'unknown_label',
  });
  await assert.rejects(trainTextClassifier(rows, { ...fromScratch, validation: { texts: [], labels: [] } }), { reason: 'no_rows' });
});

test('a training is cancelled in the middle of a step', async () => {
  const controller = new AbortController();
  const hooks: TrainingHooks = {
    signal: controller.signal,
    progress: (done) => done > 3 && setTimeout(() => controller.abort(new Error('enough')), 1),
  };
  await assert.rejects(trainTextClassifier(rows, { ...fromScratch, epochs: 1000 }, hooks), /enough/);
  await assert.rejects(trainTextClassifier(rows, fromScratch, { signal: AbortSignal.abort(new Error('before')) }), /before/);
});

test('texts of nothing and of a megabyte are trained on', async () => {
  const odd = { texts: ['', ' ', 'late '.repeat(200_000), 'x'.repeat(1 << 20), '\ud800', '😀'], labels: ['a', 'b', 'a', 'b', 'a', 'b'] };
  const trained = await trainTextClassifier(odd, { ...fromScratch, epochs: 1 });
  assert.equal((await trained.predict(odd.texts)).length, odd.texts.length);
  assert.deepEqual(await trained.predict([]), []);
  await trained.close();
  await assert.rejects(trainTextClassifier({ texts: ['', ' '], labels: ['a', 'b'] }, fromScratch), { reason: 'empty_vocabulary' });
});

const refused: readonly (readonly [options: Partial<BertOptions>, message: RegExp])[] = [
  [{ epochs: 0 }, /epochs is 0/],
  [{ maxLength: 2 }, /maxLength/],
  [{ learningRate: -1 }, /learningRate/],
  [{ dropout: 1 }, /dropout/],
  [{ warmUp: 2 }, /warmUp/],
  [{ layerDecay: 0 }, /layerDecay/],
  [{ freeze: { layers: 3 } }, /freeze.layers is 3.*2 layers/],
  [{ lora: { rank: 0 } }, /lora.rank/],
  [{ checkpoint: undefined as never, lora: {} }, /leave out freeze and lora/],
  [{ checkpoint: undefined as never, scratch: { hiddenSize: 10, heads: 3 } }, /cannot be divided/],
];
for (const [options, message] of refused) {
  test(`${JSON.stringify(options)} is refused`, async () => {
    await assert.rejects(trainTextClassifier(rows, { approach: 'bert', seed: 5, checkpoint, ...options }), {
      reason: 'bad_option',
      message,
    });
  });
}

test('a package whose parts do not belong together is refused', async () => {
  const trained = await trainTextClassifier(rows, { approach: 'bert', seed: 5, checkpoint, epochs: 1 });
  const whole = join(folder, 'whole');
  await trained.save(whole, { inputExample: { text: ['late'] } });
  await trained.close();
  const json = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(whole, name), 'utf8'));
  const files: Record<string, unknown> = {
    tokenizer: await json('tokenizer.json'),
    tokenizerConfig: await json('tokenizer_config.json'),
    model: join(whole, 'model.onnx'),
  };
  const encoder = writeBertConfig(tinyConfig);
  const load = (change: { config?: Record<string, unknown>; files?: Record<string, unknown>; labels?: string[] } = {}) => {
    const all = { ...files, ...change.files };
    const folderOf = {
      json: async (role: string) => all[role],
      path: async (role: string) => String(all[role]),
    } as unknown as PackageFiles;
    const labels = change.labels ?? ['bad', 'good'];
    const config = { maxLength: 16, encoder, ...change.config };
    return bertPackage.load(folderOf, { task: 'text-classification', labels, signature: textSignature(labels), config, threads: 1 });
  };
  await (await load()).close();
  const noModel = join(folder, 'no-model.onnx');
  await writeFile(noModel, 'no model');
  const wider = wordPieceFiles([...tinyVocabulary, ...Array.from({ length: 40 }, (_, i) => `w${i}`)], {
    lowercase: true,
    separateIdeographs: true,
  });
  for (const change of [
    { config: { maxLength: 17 } },
    { config: { maxLength: '16' } },
    { config: { encoder: { ...encoder, model_type: 'gpt2' } } },
    { config: { encoder: undefined } },
    { files: { tokenizer: { model: { type: 'BPE' } } } },
    { files: { tokenizer: wider.tokenizer } },
    { files: { model: noModel } },
    { labels: ['bad', 'good', 'other'] },
  ]) {
    await assert.rejects(load(change), { code: 'failed_precondition', reason: 'damaged_package' }, JSON.stringify(change).slice(0, 80));
  }
});
