import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LearningPoint, ServingMeasure } from '@boucle/contract';
import { learningCurve } from '../learning-curve.ts';
import { measureModel } from '../measure-model.ts';
import { temporaryFolder } from '../../testing/step-lab.ts';
import { assembleComparison } from './assemble-comparison.ts';
import { comparisonPage } from './comparison-page.ts';
import { complexities } from './complexity.ts';

const words = { bad: ['late', 'lost', 'rude', 'broken'], good: ['great', 'kind', 'smooth', 'early'] };
const examples = Array.from({ length: 120 }, (_, i) => {
  const label = i % 2 === 0 ? ('bad' as const) : ('good' as const);
  return { _row: String(i), label, text: `flight ${i} was ${words[label][i % 4]} and ${words[label][Math.floor(i / 4) % 4]}` };
});
const tableOf = (rows: typeof examples) => ({
  path: '',
  batches: async function* () {
    yield rows;
  },
});
/** What a step is given beside its inputs; `kept` holds what it put out. */
const createContext = () => {
  const kept: { value?: unknown } = {};
  const metrics: [name: string, value: number, at: number | undefined][] = [];
  const set = (value: unknown) => void (kept.value = value);
  const rest = {
    random: () => 0,
    secret: () => '',
    signal: new AbortController().signal,
    log: () => {},
    progress: () => {},
    metric: (name: string, value: number, at?: number) => void metrics.push([name, value, at]),
  };
  return { kept, metrics, set, rest };
};

test('a learning curve has a point for each share, with what it cost, from processes of their own', async () => {
  const { kept, metrics, set, rest } = createContext();
  await learningCurve.run(
    {
      train: tableOf(examples.slice(0, 80)),
      validation: tableOf(examples.slice(80, 100)),
      data: tableOf(examples.slice(100)),
      approach: 'logistic-regression',
      seed: 1,
      settings: { C: 10 },
      fixed: { minDf: 1 },
      by: 'f1',
      of: 'bad',
      shares: [1, 0.25],
    },
    { out: { curve: { set } }, ...rest },
  );
  const curve = kept.value as LearningPoint[];
  assert.deepEqual(
    curve.map(({ rows }) => rows),
    [20, 80],
  );
  for (const { seconds, cpuSeconds, peakMemoryBytes, quality } of curve) {
    assert.ok(seconds > 0 && cpuSeconds > 0 && peakMemoryBytes > 2e7);
    assert.ok(quality.value! > 0.5 && quality.interval!.length === 2);
  }
  assert.ok(metrics.some(([name, , at]) => name === 'f1' && at === 80));
});

test('what fails in the other process is said here', async () => {
  const { set, rest } = createContext();
  const rows = tableOf(examples.slice(0, 20));
  const given = { train: rows, validation: rows, data: rows, seed: 1, settings: {}, fixed: {}, by: 'f1', of: 'bad', shares: [1] };
  await assert.rejects(learningCurve.run({ ...given, approach: 'guessing' }, { out: { curve: { set } }, ...rest }), {
    reason: 'measurement_failed',
    message: /no approach "guessing"/,
  });
});

test('a model is measured at work: size, memory, latency, throughput', async (t) => {
  const { trainTextClassifier } = await import('@boucle/models');
  const folder = `${await temporaryFolder(t)}/model`;
  const [texts, labels] = [examples.map(({ text }) => text), examples.map(({ label }) => label)];
  const trained = await trainTextClassifier({ texts, labels }, { approach: 'logistic-regression', seed: 1, minDf: 1 });
  await trained.save(folder, { inputExample: { text: texts.slice(0, 2) } });
  const { kept, set, rest } = createContext();
  await measureModel.run(
    { model: { path: folder, task: 'text-classification' }, data: tableOf(examples), seconds: 0.1 },
    { out: { measure: { set } }, ...rest },
  );
  const { package: size, latencySeconds: latency, ...measure } = kept.value as ServingMeasure;
  assert.ok(size.files >= 5 && size.bytes > 1000);
  assert.ok(latency.p50 > 0 && latency.p50 <= latency.p95 && latency.p95 <= latency.p99 && latency.requests > 100);
  assert.ok(measure.textsPerSecond > 100 && measure.cpuSecondsPerThousand > 0 && measure.loadSeconds > 0);
  assert.ok(measure.peakMemoryBytes > measure.memoryBytes);
  assert.equal(measure.nativeLibraries.length, 0);
  if (measure.explanation) assert.ok(measure.explanation.leastExplained > 0.999);
});

const serving: ServingMeasure = {
  package: { bytes: 35_900, files: 6 },
  loadSeconds: 0.03,
  memoryBytes: 8e6,
  peakMemoryBytes: 9e7,
  latencySeconds: { p50: 2e-6, p95: 3e-6, p99: 5e-6, requests: 1000 },
  textsPerSecond: 880_000,
  cpuSecondsPerThousand: 0.36,
  nativeLibraries: [],
  explanation: { texts: 50, explained: 1, leastExplained: 0.998, secondsEach: 1e-4 },
};
const curve: LearningPoint[] = [
  { rows: 80, quality: { value: 0.9, interval: [0.8, 0.95] }, seconds: 2, cpuSeconds: 3.6, peakMemoryBytes: 1e8 },
];
const testRows = examples.slice(100);
/** Predictions of which so many are wrong, every time those of the first rows. */
const saidOf = (rows: typeof examples, wrong: number) =>
  new Map(rows.map(({ _row, label }, i) => [_row, { actual: label, predicted: i < wrong ? (label === 'bad' ? 'good' : 'bad') : label }]));
const gathered = {
  names: ['plain', 'deep'],
  test: { rows: testRows.map(({ _row }) => _row), texts: testRows.map(({ text }) => text), labels: testRows.map(({ label }) => label) },
  validated: [saidOf(examples.slice(80, 100), 4), saidOf(examples.slice(80, 100), 1)],
  tested: [saidOf(testRows, 2), saidOf(testRows, 6)],
  settings: [{ C: 1 }, {}],
  curves: [curve, curve],
  measures: [serving, { ...serving, explanation: null, nativeLibraries: ['onnxruntime.node'] }],
  by: 'f1',
  of: 'bad',
  wattsPerCpu: 10,
  pricePerCpuHour: 0.04,
  currency: 'EUR',
};

test('the best is chosen on validation rows, also where another is better on test rows', () => {
  const { chosen, approaches, slices, pairs, rows } = assembleComparison(gathered);
  assert.equal(chosen, 'deep');
  assert.deepEqual(rows, { train: 80, validation: 20, test: 20 });
  assert.deepEqual(
    approaches.map(({ accuracy }) => accuracy[0]!.value),
    [0.9, 0.7],
  );
  for (const { accuracy } of approaches) assert.equal(accuracy.length, slices.length);
  assert.ok(Math.abs(pairs[0]!.difference.value! - 0.2) < 1e-12 && pairs[0]!.difference.interval![1] > 0.2);
  assert.ok(Math.abs(approaches[0]!.pricePerThousand - 4e-6) < 1e-15);
  assert.ok(Math.abs(approaches[0]!.training.wattHours - 0.01) < 1e-12);
});

test('rows that were not predicted, and lists of unequal length, are refused', () => {
  assert.throws(() => assembleComparison({ ...gathered, tested: [new Map(), new Map()] }), { reason: 'row_missing' });
  assert.throws(() => assembleComparison({ ...gathered, curves: [curve] }), { reason: 'unequal_lengths' });
});

test('the page says what was chosen by what, and has a cell for each criterion', () => {
  const page = comparisonPage(assembleComparison(gathered));
  assert.match(page, /\*\*deep\*\* is best by f1 of "bad" on 20 validation rows/);
  assert.match(page, /\| Training, energy \| 0.01 Wh \| 0.01 Wh \|/);
  assert.match(page, /\| Explained share of an output, mean \/ least \| 100.0 % \/ 99.8 % \| it cannot explain itself \|/);
  assert.match(page, /\| Compiled libraries to run \| none \| onnxruntime.node \|/);
  assert.match(page, /\| plain \| deep \| 20.0 points \(/);
});

test('a text is complex that is long, negated or marked as irony', () => {
  const plain = Array.from({ length: 30 }, (_, i) => `the flight was fine${' today'.repeat(i % 4)}`);
  const found = complexities([...plain, 'the flight was not fine', 'oh great, the flight was fine...', `fine ${'and fine '.repeat(30)}`]);
  assert.deepEqual(found.slice(-3), ['complex', 'complex', 'complex']);
});
