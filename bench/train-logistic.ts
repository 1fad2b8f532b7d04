import { readFileSync } from 'node:fs';
import { trainTextClassifier } from '@boucle/models';

/** From a file of tweets, a JSON object a line, to a classifier, as a process of its own. Prints what `logistic.py` prints. */
const [file = '', labelled = 'three'] = process.argv.slice(2);

const began = performance.now();
const cpu = process.cpuUsage();
const texts: string[] = [];
const labels: string[] = [];
for (const line of readFileSync(file, 'utf8').split('\n')) {
  if (line === '') continue;
  const { text, sentiment } = JSON.parse(line) as { text: string; sentiment: string };
  texts.push(text);
  labels.push(labelled === 'three' || sentiment === 'negative' ? sentiment : 'other');
}
let terms = 0;
const log = (line: string): void => {
  terms ||= Number(/^\d+/.exec(line)?.[0]);
};
await trainTextClassifier({ texts, labels }, { approach: 'logistic-regression', seed: 1 }, { log });

const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(cpu);
const peak = Number(/VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
console.log(JSON.stringify({ seconds, 'of CPU': (user + system) / 1e6, 'peak MB': peak, terms }));
