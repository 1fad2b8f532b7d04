import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadModel, type TextTrainingOptions, trainTextClassifier, warmUp } from '../src/index.ts';

const options: TextTrainingOptions = { approach: 'logistic-regression', seed: 1 };

test('a million different labels are refused, and counted', async () => {
  const labels = Array.from({ length: 1_000_000 }, (_, i) => `id-${i}`);
  const texts = labels.map(() => 'late flight');
  await assert.rejects(trainTextClassifier({ texts, labels }, options), { reason: 'too_many_labels', message: /1000000 different values/ });
});

test('a field of 100 MB is learned from and answered', async () => {
  const huge = 'late flight again, '.repeat(5_500_000);
  const trained = await trainTextClassifier(
    { texts: [huge, 'late bag', 'thanks for the flight', 'thanks'], labels: ['x', 'x', 'y', 'y'] },
    options,
  );
  assert.equal((await trained.predict([huge]))[0]?.label, 'x');
});

test('a thousand labels are learned, saved, and answered the same', async () => {
  const labels = Array.from({ length: 3000 }, (_, i) => `topic ${i % 1000}`);
  const texts = labels.map((label, i) => `this is about ${label.replace(' ', '')} number ${i % 7}`);
  const trained = await trainTextClassifier({ texts, labels }, options);
  const asked = texts.slice(0, 1000);
  assert.deepEqual(
    (await trained.predict(asked)).map(({ label }) => label),
    labels.slice(0, 1000),
  );
  const folder = await mkdtemp(join(tmpdir(), 'boucle-models-'));
  await trained.save(folder, { inputExample: { text: asked.slice(0, 5) } });
  const model = await loadModel(folder);
  await warmUp(model);
  assert.deepEqual(
    (await model.predict({ text: asked }))['score'],
    (await trained.predict(asked)).map(({ score }) => score),
  );
  await rm(folder, { recursive: true });
});
