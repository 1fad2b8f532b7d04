import { text } from 'node:stream/consumers';
import { trainTextClassifier } from '../../packages/models/src/train-text-classifier.ts';
import type { BilstmTask } from '../benches/bilstm-quality.ts';

/** The BiLSTM trained by us, as a process of its own; reads and prints what `bilstm_quality.py` does. */
const { train, validation, test, seed, settings } = JSON.parse(await text(process.stdin)) as BilstmTask;
let epochs = 0;
const before = process.cpuUsage();
const trained = await trainTextClassifier(
  train,
  { approach: 'bilstm', seed, validation, ...settings },
  { log: (line) => process.stderr.write(`${line}\n`), metric: (_name, _value, epoch) => (epochs = epoch) },
);
const { user, system } = process.cpuUsage(before);
const predictions = await trained.predict(test.texts);
await trained.close();
const right = predictions.filter(({ label }, row) => label === test.labels[row]).length;
console.log(JSON.stringify({ accuracy: right / predictions.length, epochs, cpuSeconds: (user + system) / 1e6 }));
