import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { type TestContext, test } from 'node:test';
import type { Static } from 'typebox';
import { temporaryFolder } from '../testing/step-lab.ts';
import type { Outcome } from './search-outcome.ts';
import { tryText } from './search-trial.ts';

type Outcomes = Static<typeof Outcome>;
const words = { bad: ['late', 'lost', 'rude', 'broken'], good: ['great', 'kind', 'smooth', 'early'] };
const examples = Array.from({ length: 80 }, (_, i) => {
  const label = i % 2 === 0 ? ('bad' as const) : ('good' as const);
  return { _row: String(i), label, text: `the flight was ${words[label][i % 4]} and ${words[label][Math.floor(i / 4) % 4]}` };
});
const tableOf = (rows: typeof examples) => ({
  path: '',
  batches: async function* () {
    yield rows;
  },
});

type Given = Partial<Parameters<typeof tryText.run>[0]>;
const tryOut = async (t: TestContext, given: Given, signal = new AbortController().signal) => {
  const metrics: [name: string, value: number, at: number | undefined][] = [];
  const kept: { outcome?: Outcomes } = {};
  const path = await temporaryFolder(t);
  const common = {
    train: tableOf(examples.slice(0, 60)),
    validation: tableOf(examples.slice(60)),
    earlier: [],
    seed: 1,
    settings: {},
    fixed: {},
    of: '',
  };
  await tryText.run(
    { ...common, approach: 'logistic-regression', by: 'log_loss', halving: null, ...given },
    {
      out: { model: { path }, outcome: { set: (value) => void (kept.outcome = value) } },
      random: () => 0,
      secret: () => '',
      signal,
      log: () => {},
      progress: () => {},
      metric: (name, value, at) => void metrics.push([name, value, at]),
    },
  );
  return { outcome: kept.outcome!, metrics, files: await readdir(path) };
};
const small = { embeddingSize: 8, hiddenSize: 4, dropout: 0, minCount: 1, batchSize: 20, epochs: 4 };
const before = (at: number, score: number): Outcomes => ({ settings: {}, status: 'finished', value: 0, rungs: [{ at, score }] });

test('without halving a trial has all rows, once', async (t) => {
  const { outcome, files } = await tryOut(t, { settings: { C: 5 } });
  assert.equal(outcome.status, 'finished');
  assert.deepEqual(outcome.settings, { C: 5 });
  assert.deepEqual(outcome.rungs, [{ at: 60, score: -outcome.value! }]);
  assert.ok(files.includes('MLmodel'));
});

test('a trial that is behind on few rows is stopped there, leaves no model, and says so', async (t) => {
  const halving = { of: 'rows' as const, least: 0.25, eta: 2 };
  const { outcome, metrics, files } = await tryOut(t, { halving, earlier: [before(15, 0)] });
  assert.deepEqual([outcome.status, outcome.rungs.map(({ at }) => at)], ['stopped', [15]]);
  assert.ok(metrics.some(([name, value, at]) => name === 'stopped' && value === 1 && at === 15));
  assert.deepEqual(files, []);
  const { outcome: better } = await tryOut(t, { halving, earlier: [before(15, -9)] });
  assert.deepEqual([better.status, better.rungs.map(({ at }) => at)], ['finished', [15, 30, 60]]);
});

test('a network that is behind after an epoch is stopped in the middle of its training', async (t) => {
  const halving = { of: 'epochs' as const, least: 1, eta: 2 };
  const given = { approach: 'bilstm', by: 'accuracy', fixed: small, halving };
  const stopped = await tryOut(t, { ...given, earlier: [before(2, 0)] });
  assert.deepEqual([stopped.outcome.status, stopped.outcome.value, stopped.outcome.rungs.map(({ at }) => at)], ['stopped', null, [1, 2]]);
  assert.equal(Math.max(...stopped.metrics.flatMap(([name, , at]) => (name === 'validation_loss' ? [at!] : []))), 2);
  assert.deepEqual(stopped.files, []);
  const finished = await tryOut(t, given);
  assert.deepEqual([finished.outcome.status, finished.outcome.rungs.map(({ at }) => at)], ['finished', [1, 2, 4]]);
  assert.ok(finished.files.includes('model.onnx'));
});

test('epochs to stop by have to be said', async (t) => {
  const halving = { of: 'epochs' as const, least: 1, eta: 2 };
  await assert.rejects(tryOut(t, { halving }), { reason: 'bad_halving', message: /among the fixed options/ });
});

test('a step that is cancelled is no stopped trial', async (t) => {
  const halving = { of: 'epochs' as const, least: 1, eta: 2 };
  await assert.rejects(tryOut(t, { approach: 'bilstm', by: 'accuracy', fixed: small, halving }, AbortSignal.abort()), {
    name: 'AbortError',
  });
});
