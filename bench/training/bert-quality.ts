import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { trainTextClassifier } from '../../packages/models/src/train-text-classifier.ts';
import type { QualityTask } from '../benches/bert-quality.ts';

/** The checkpoint fine-tuned by us, as a process of its own: `bert-quality.ts FOLDER`; reads and prints what `bert_quality.py` does. */
const { train, test, ...options } = JSON.parse(await text(process.stdin)) as QualityTask;
const rows = { texts: train.texts, labels: train.labels.map(String) };
const began = performance.now();
const trained = await trainTextClassifier(
  rows,
  { approach: 'bert', checkpoint: process.argv[2]!, ...options },
  { log: (line) => process.stderr.write(`${line}\n`) },
);
const seconds = (performance.now() - began) / 1000;
const predictions = await trained.predict(test.texts);
await trained.close();
const correct = predictions.filter(({ label }, row) => label === String(test.labels[row])).length;
const peakKb = Number(/VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
console.log(
  JSON.stringify({ accuracy: correct / predictions.length, seconds, cpuSeconds: process.cpuUsage().user / 1e6, peakMb: peakKb / 1024 }),
);
