import { readFileSync } from 'node:fs';
import { buildTraining, crossEntropy, initialWeights } from '../../packages/models/src/autodiff/index.ts';
import { defineBilstm } from '../../packages/models/src/lstm/bilstm-model.ts';
import { adam } from '../../packages/models/src/training/optimizers.ts';
import { createStream } from '../../packages/models/src/training/random-stream.ts';
import { createTrainer } from '../../packages/models/src/training/trainer.ts';

/** Steps of training a BiLSTM, as a process of its own: `bilstm-step.ts THREADS STEPS`. Prints what `bilstm_step.py` prints. */
const [threads = 1, steps = 50] = process.argv.slice(2).map(Number);
const [words, length, batch] = [20_000, 50, 64];
const model = defineBilstm({ words, embeddingSize: 100, hiddenSize: 64, pooling: 'max', classes: 2 }, 0.4);
const trainer = await createTrainer({
  programs: (dims) => buildTraining(model, { dims, loss: crossEntropy() }),
  weights: initialWeights(model, 1),
  optimizer: adam({ lr: 1e-3 }),
  clipNorm: 5,
  seed: 1,
  threads,
});
const random = createStream(1, [0, 0]);
const rowWeights = new Float32Array(batch).fill(1);
const lengths = new BigInt64Array(batch).fill(BigInt(length));
const milliseconds: number[] = [];
const cpuMilliseconds: number[] = [];
for (let step = 0; step < steps + 10; step++) {
  // Frequencies as Zipf has them.
  const ids = BigInt64Array.from({ length: batch * length }, () => BigInt(Math.min(words - 1, Math.floor(words ** (random() / 2 ** 32)))));
  const labels = BigInt64Array.from({ length: batch }, () => BigInt(random() % 2));
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  await trainer.step({ dims: { batch, length }, inputs: { ids, lengths, labels, rowWeights } });
  milliseconds.push(performance.now() - began);
  const { user, system } = process.cpuUsage(cpu);
  cpuMilliseconds.push((user + system) / 1000);
}
await trainer.close();
const peakKb = Number(/VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
console.log(JSON.stringify({ milliseconds: milliseconds.slice(10), cpuMilliseconds: cpuMilliseconds.slice(10), peakMb: peakKb / 1024 }));
