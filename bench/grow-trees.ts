import { readFileSync } from 'node:fs';
import type { Columns } from '@boucle/contract';
import { trainTabular } from '@boucle/models';
import { rocAuc } from '@boucle/statistics';
import { positive, readAdult, readSynthetic } from './trees/tables.ts';

/** Trains on one of the tables, as a process of its own. Prints what `trees.py` prints. */
const [kind, file = '', rounds = '100', maxLeaves = '31', learningRate = '0.1'] = process.argv.slice(2);
const { train, test } = kind === 'adult' ? readAdult(file) : readSynthetic(file);

const began = performance.now();
const cpu = process.cpuUsage();
const trained = await trainTabular(train, {
  task: 'tabular-classification',
  approach: 'boosted-trees',
  seed: 1,
  rounds: Number(rounds),
  maxLeaves: Number(maxLeaves),
  learningRate: Number(learningRate),
});
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(cpu);
const peak = Number(/VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;

const columns: Columns = Object.fromEntries(Object.entries(test.columns).map(([name, column]) => [name, Array.from<unknown>(column)]));
const { probabilities } = await trained.predict(columns);
const scores = (probabilities as number[][]).map(([, second]) => second!);
const auc = rocAuc({ positive: Array.from(test.target, (label) => label === 1 || label === positive), scores });
console.log(JSON.stringify({ seconds, 'of CPU': (user + system) / 1e6, 'peak MB': peak, AUC: auc }));
