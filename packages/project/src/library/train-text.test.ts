import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadModel } from '@boucle/models';
import { trainText } from './train-text.ts';

const rows = Array.from({ length: 40 }, (_, i) => ({
  _row: `${i}`,
  text: ['the flight was late again', 'thanks for the great crew'][i % 2]! + ' '.repeat(i % 3) + i,
  label: ['bad', 'good'][i % 2]!,
}));
const table = {
  path: '',
  batches: async function* () {
    yield rows;
  },
};
const defaults = {
  approach: 'logistic-regression',
  seed: 1,
  classWeight: 'none',
  C: 1,
  chooseC: 'none',
  penalty: 'l2',
  multiclass: 'one-vs-rest',
  calibration: 'none',
  folds: 5,
  analyzer: 'word',
  ngrams: [1, 2],
  minDf: 2,
  maxDf: 'all',
  maxFeatures: 'all',
  sublinearTf: false,
  settings: {},
} as const;

/** Runs the step, and says what it logged and what its model answers. */
const learn = async (params: Partial<Parameters<typeof trainText.run>[0]>) => {
  const folder = await mkdtemp(join(tmpdir(), 'boucle-train-text-'));
  const metrics = new Map<string, number>();
  const log: string[] = [];
  try {
    await trainText.run(
      { ...defaults, ngrams: [...defaults.ngrams], train: table, validation: table, ...params },
      {
        out: { model: { path: join(folder, 'model') } },
        random: () => 0,
        secret: () => '',
        signal: new AbortController().signal,
        log: (line) => void log.push(line),
        progress: () => {},
        metric: (name, value) => void metrics.set(name, value),
      },
    );
    const model = await loadModel(join(folder, 'model'));
    const { label } = await model.predict({ text: ['late', 'a great crew'] });
    return { log, metrics, label };
  } finally {
    await rm(folder, { recursive: true });
  }
};

test('by default words and pairs of words tell the labels apart', async () => {
  const { metrics, label } = await learn({});
  assert.equal(metrics.get('validation_accuracy'), 1);
  assert.deepEqual(label, ['bad', 'good']);
});

test('characters, a penalty on sizes, a chosen C and calibration are parameters of the step', async () => {
  const { log, metrics, label } = await learn({
    analyzer: 'char_wb',
    ngrams: [2, 4],
    maxDf: 0.9,
    maxFeatures: 50,
    penalty: 'l1',
    chooseC: 'accuracy',
    calibration: 'platt',
    folds: 4,
  });
  assert.match(log[0]!, /^50 terms/);
  assert.ok(log.some((line) => /is chosen by accuracy/.test(line)));
  assert.ok(metrics.has('cv_log_loss'));
  assert.deepEqual(label, ['bad', 'good']);
});
