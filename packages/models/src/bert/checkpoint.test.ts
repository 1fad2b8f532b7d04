import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openCheckpoint } from './checkpoint.ts';
import { tinyConfig, tinyTensors, writeTinyCheckpoint } from './testing/tiny-checkpoint.ts';
import type { TensorToWrite } from './testing/write-safetensors.ts';

let base: string;
let count = 0;
before(async () => {
  base = await mkdtemp(join(tmpdir(), 'boucle-checkpoint-'));
});
after(() => rm(base, { recursive: true }));

const written = async (change: (tensors: Map<string, TensorToWrite>) => void = () => {}): Promise<string> => {
  const folder = join(base, String(count++));
  await mkdir(folder);
  const tensors = tinyTensors(tinyConfig);
  change(tensors);
  await writeTinyCheckpoint(folder, tinyConfig, tensors);
  return folder;
};
const readFrom = async (folder: string) => (await openCheckpoint(folder)).readWeights();
const dense = 'encoder.layer.1.output.dense.weight';

test('a checkpoint is opened: config, tokeniser, and the weights by our names, linear layers transposed', async () => {
  const { config, tokenizer, readWeights } = await openCheckpoint(await written());
  assert.deepEqual(config, tinyConfig);
  assert.deepEqual(tokenizer.encode('lost bag', 8), [2, 10, 8, 3]);
  const { weights, ignored } = await readWeights();
  const stored = tinyTensors(tinyConfig).get(dense)!;
  const ours = weights.get('layer.1.outer.weight')!;
  assert.deepEqual([stored.shape, stored.data[3 * 16 + 5]], [[8, 16], ours[5 * 8 + 3]]);
  assert.deepEqual(ignored, []);
});

test('names of checkpoints with a head and of TensorFlow mean the same; heads are ignored and named', async () => {
  const plain = await readFrom(await written());
  const folder = await written((tensors) => {
    for (const [name, tensor] of Array.from(tensors)) {
      tensors.delete(name);
      tensors.set(`bert.${name.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta')}`, tensor);
    }
    const one: TensorToWrite = { dtype: 'F32', shape: [1], data: Float32Array.of(1) };
    tensors.set('cls.predictions.bias', one).set('classifier.weight', one);
    tensors.set('bert.embeddings.position_ids', { dtype: 'I64', shape: [1], data: BigInt64Array.of(0n) });
  });
  const { weights, ignored } = await readFrom(folder);
  assert.deepEqual(weights, plain.weights);
  assert.deepEqual(ignored, ['cls.predictions.bias', 'classifier.weight', 'bert.embeddings.position_ids']);
});

test('a checkpoint without a pooler is read without it', async () => {
  const folder = await written((tensors) => void (tensors.delete('pooler.dense.weight'), tensors.delete('pooler.dense.bias')));
  assert.ok(![...(await readFrom(folder)).weights.keys()].some((name) => name.startsWith('pooler')));
});

test('missing, unknown and wrongly shaped tensors are named together', async () => {
  const folder = await written((tensors) => {
    tensors.delete(dense);
    tensors.set('encoder.layer.2.output.dense.bias', { dtype: 'F32', shape: [8], data: new Float32Array(8) });
    tensors.set('embeddings.LayerNorm.bias', { dtype: 'F32', shape: [4], data: new Float32Array(4) });
  });
  await assert.rejects(readFrom(folder), (error: Error & { reason: string }) => {
    assert.equal(error.reason, 'wrong_tensors');
    assert.match(error.message, /layer\.1\.output\.dense\.weight \[8, 16\] is missing/);
    assert.match(error.message, /layer\.2\.output\.dense\.bias has no place/);
    assert.match(error.message, /embeddings\.LayerNorm\.bias is \[4\] and must be \[8\]/);
    return true;
  });
});

test('of a wholly other model only the first differences are told', async () => {
  const folder = await written((tensors) => tensors.clear());
  await assert.rejects(readFrom(folder), { reason: 'wrong_tensors', message: /and 25 more/ });
});

test('what is missing in the folder, or not of one model, is said', async () => {
  await assert.rejects(openCheckpoint(base), { reason: 'incomplete_checkpoint', message: /has no config.json/ });
  const folder = await written();
  await rm(join(folder, 'model.safetensors'));
  await assert.rejects(readFrom(folder), { reason: 'incomplete_checkpoint', message: /save_pretrained/ });
  await writeFile(
    join(folder, 'vocab.txt'),
    ['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...Array.from({ length: 40 }, (_, i) => `w${i}`)].join('\n'),
  );
  await assert.rejects(openCheckpoint(folder), { reason: 'unsupported_tokenizer', message: /ids up to 43.*40/ });
  await rm(join(folder, 'vocab.txt'));
  await assert.rejects(openCheckpoint(folder), { reason: 'incomplete_checkpoint', message: /tokenizer.json or vocab.txt/ });
  await writeFile(join(folder, 'tokenizer.json'), '{');
  await assert.rejects(openCheckpoint(folder), { reason: 'damaged_checkpoint' });
});
