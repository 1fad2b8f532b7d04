import { readFileSync } from 'node:fs';
import { buildTraining, crossEntropy } from '../../packages/models/src/autodiff/index.ts';
import { readBertConfig } from '../../packages/models/src/bert/config.ts';
import { defineBertClassifier, inputNames } from '../../packages/models/src/bert/encoder.ts';
import { updateOf } from '../../packages/models/src/bert/update-rules.ts';
import type { OnnxModel } from '../../packages/models/src/onnx/model.ts';
import { encodeOnnx } from '../../packages/models/src/onnx/encode-onnx.ts';
import { createSession } from '../../packages/models/src/onnx/run.ts';
import { adamW } from '../../packages/models/src/training/optimizers.ts';
import { createTrainer } from '../../packages/models/src/training/trainer.ts';

/** Steps of training an encoder of BERT-base's size, as a process of its own: `bert-step.ts THREADS STEPS BATCH LENGTH`. Prints what `bert_step.py` prints. */
const [threads = 1, steps = 5, batch = 8, length = 64] = process.argv.slice(2).map(Number);
const config = readBertConfig({
  model_type: 'bert',
  hidden_act: 'gelu',
  hidden_size: 768,
  intermediate_size: 3072,
  max_position_embeddings: 512,
  num_attention_heads: 12,
  num_hidden_layers: 12,
  type_vocab_size: 2,
  vocab_size: 30_522,
});

/** Of the deviation that BERT begins with, and quick to make. */
let state = 1;
const random = (count: number): Float32Array => {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    values[i] = 0.0346 * (state / 2 ** 31);
  }
  return values;
};
const model = defineBertClassifier(config, { classes: 2, dropout: 0 });
const firstWeights = (): Map<string, Float32Array> =>
  new Map(
    Object.entries(model.params).map(([name, { shape }]) => {
      const count = shape.reduce((a, b) => a * b, 1);
      return [name, name.endsWith('.scale') ? new Float32Array(count).fill(1) : random(count)];
    }),
  );

/** The model's most frequent product of matrices, alone: the speed that there is to be had. */
const productGflops = async (): Promise<number> => {
  const shapes = { a: [batch * length, 768], b: [768, 3072], c: [batch * length, 3072] };
  const value = (name: keyof typeof shapes) => ({ name, type: 'float32' as const, shape: shapes[name] });
  const product: OnnxModel = {
    irVersion: 9,
    opsets: { '': 20 },
    producer: { name: 'bench', version: '' },
    graph: {
      name: 'product',
      nodes: [{ op: 'MatMul', inputs: ['a', 'b'], outputs: ['c'] }],
      inputs: [value('a'), value('b')],
      outputs: [value('c')],
      initializers: new Map(),
    },
  };
  const session = await createSession(encodeOnnx(product), { threads });
  const feeds = Object.fromEntries(
    (['a', 'b'] as const).map((name) => [name, { ...value(name), data: random(shapes[name].reduce((x, y) => x * y, 1)) }]),
  );
  const seconds = [];
  for (let i = 0; i < 40; i++) {
    const began = performance.now();
    await session.run(feeds);
    seconds.push((performance.now() - began) / 1000);
  }
  await session.close();
  return (2 * batch * length * 768 * 3072) / Math.min(...seconds) / 1e9;
};

const product = await productGflops();
const first = firstWeights();
const trainer = await createTrainer({
  programs: (dims) => buildTraining(model, { dims, loss: crossEntropy() }),
  weights: first,
  optimizer: adamW({ lr: 2e-5 }),
  clipNorm: 1,
  seed: 1,
  threads,
  parameter: (name) => updateOf(name, config, { freeze: {}, lora: undefined, layerDecay: 1, weightDecay: 0.01 }),
});
// As the trainer of classifiers does.
for (const { buffer } of first.values()) (buffer as ArrayBuffer).transfer(0);
const inputs = {
  [inputNames.ids]: BigInt64Array.from({ length: batch * length }, (_, i) => BigInt(1000 + ((i * 7919) % 29_000))),
  [inputNames.mask]: new BigInt64Array(batch * length).fill(1n),
  labels: BigInt64Array.from({ length: batch }, (_, i) => BigInt(i % 2)),
  rowWeights: new Float32Array(batch).fill(1),
};
const [seconds, cpuSeconds, losses]: [number[], number[], number[]] = [[], [], []];
for (let step = 0; step < steps + 2; step++) {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const { loss } = await trainer.step({ dims: { batch, length }, inputs });
  seconds.push((performance.now() - began) / 1000);
  const { user, system } = process.cpuUsage(cpu);
  cpuSeconds.push((user + system) / 1e6);
  losses.push(loss);
}
await trainer.close();
const peakKb = Number(/VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
console.log(
  JSON.stringify({ productGflops: product, seconds: seconds.slice(2), cpuSeconds: cpuSeconds.slice(2), peakMb: peakKb / 1024, losses }),
);
