import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { buildInference, buildTraining, crossEntropy, type Model } from '../autodiff/index.ts';
import { encodeOnnx } from '../onnx/encode-onnx.ts';
import { createSession } from '../onnx/run.ts';
import { adamW } from '../training/optimizers.ts';
import { linear } from '../training/schedules.ts';
import { createTrainer } from '../training/trainer.ts';
import { padded } from './batches.ts';
import golden from './bert.golden.json' with { type: 'json' };
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import type { BertActivation } from './config.ts';
import { defineBertClassifier, defineBertEncoder, inputNames } from './encoder.ts';
import { adaptersOf, mergeAdapters } from './lora.ts';
import { classifierBySines } from './testing/classifier-by-sines.ts';
import { writeTinyCheckpoint } from './testing/tiny-checkpoint.ts';
import { updateOf } from './update-rules.ts';

let folder: string;
let checkpoint: Checkpoint;
let weights: Map<string, Float32Array>;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boucle-encoder-'));
  await writeTinyCheckpoint(folder);
  checkpoint = await openCheckpoint(folder);
  weights = new Map([...(await checkpoint.readWeights()).weights, ...classifierBySines(checkpoint.config.hiddenSize)]);
});
after(() => rm(folder, { recursive: true }));

const idsOf = (texts: readonly string[]) => texts.map((text) => checkpoint.tokenizer.encode(text, 16));
const run = async (model: Model, texts: readonly string[], learned: ReadonlyMap<string, Float32Array> = weights): Promise<number[]> => {
  const session = await createSession(encodeOnnx(buildInference(model, learned)));
  const { length, ids, mask } = padded(idsOf(texts), { padId: 0 });
  const shape = [texts.length, length];
  const { logits } = await session.run({
    [inputNames.ids]: { type: 'int64', shape, data: ids },
    [inputNames.mask]: { type: 'int64', shape, data: mask },
  });
  await session.close();
  return [...(logits!.data as Float32Array)];
};
const near = (actual: readonly number[], expected: readonly number[], within: number): void => {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, i) =>
    assert.ok(Math.abs(actual[i]! - value) <= within * Math.max(1, Math.abs(value)), `${i}: ${actual[i]}, not ${value}`),
  );
};

test('ids, last states and logits are those of transformers, with every activation', async () => {
  assert.deepEqual(
    idsOf(golden.texts),
    golden.ids.map((row) => row.slice(0, row.indexOf(3) + 1)),
  );
  near(await run(defineBertEncoder(checkpoint.config), golden.texts.slice(2)), golden.hidden.flat(), 1e-5);
  for (const activation of ['gelu', 'gelu_new', 'relu'] satisfies BertActivation[]) {
    const model = defineBertClassifier({ ...checkpoint.config, activation }, { classes: 3 });
    near(await run(model, golden.texts), golden.logits[activation].flat(), 1e-5);
  }
});

test('a text is answered the same alone and filled up beside a longer one', async () => {
  const model = defineBertClassifier(checkpoint.config, { classes: 3 });
  const together = await run(model, golden.texts);
  const alone = await Promise.all(golden.texts.map((text) => run(model, [text])));
  near(alone.flat(), together, 1e-6);
});

test('merged adapters answer as they do apart', async () => {
  const lora = { rank: 3, alpha: 5 };
  const apart = new Map(weights);
  for (const [k, { down, up }] of adaptersOf(checkpoint.config).entries()) {
    for (const name of [down, up])
      apart.set(
        name,
        Float32Array.from({ length: 24 }, (_, i) => 0.3 * Math.sin(7.77 * (i + 1) + k)),
      );
  }
  const withAdapters = await run(defineBertClassifier(checkpoint.config, { classes: 3, lora }), golden.texts, apart);
  const merged = await run(
    defineBertClassifier(checkpoint.config, { classes: 3 }),
    golden.texts,
    mergeAdapters(apart, checkpoint.config, lora),
  );
  near(merged, withAdapters, 1e-5);
  assert.notDeepEqual(merged, await run(defineBertClassifier(checkpoint.config, { classes: 3 }), golden.texts));
});

test('fifty updates have the losses and gradient norms of PyTorch', async () => {
  const model = defineBertClassifier(checkpoint.config, { classes: 3, dropout: 0 });
  const trainer = await createTrainer({
    programs: (dims) => buildTraining(model, { dims, loss: crossEntropy() }),
    weights,
    optimizer: adamW({ lr: 0.01, weightDecay: 0.1 }),
    schedule: linear({ warmUp: 5, total: 50 }),
    clipNorm: 1,
    seed: 1,
    parameter: (name) => updateOf(name, checkpoint.config, { freeze: {}, lora: undefined, layerDecay: 1, weightDecay: 0.1 }),
  });
  const { length, ids, mask } = padded(idsOf(golden.texts), { padId: 0 });
  const inputs = {
    [inputNames.ids]: ids,
    [inputNames.mask]: mask,
    labels: BigInt64Array.of(0n, 0n, 2n),
    rowWeights: Float32Array.of(1, 1, 1),
  };
  const [losses, norms]: [number[], number[]] = [[], []];
  for (let update = 0; update < 50; update++) {
    const { loss, gradNorm } = await trainer.step({ dims: { batch: 3, length }, inputs });
    losses.push(loss);
    norms.push(gradNorm);
  }
  await trainer.close();
  near(losses, golden.losses, 1e-4);
  near(norms, golden.norms, 1e-4);
});
