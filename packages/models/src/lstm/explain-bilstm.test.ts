import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { loadModel } from '../package/load-model.ts';
import { trainTextClassifier } from '../train-text-classifier.ts';

const texts = Array.from({ length: 120 }, (_, i) => `${['my', 'the', 'this'][i % 3]} flight was ${i % 2 === 0 ? 'awful' : 'lovely'}`);
const labels = texts.map((_, i) => (i % 2 === 0 ? 'bad' : 'good'));

test('a BiLSTM says of its package which words decide, and completely', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'boucle-bilstm-'));
  const trained = await trainTextClassifier(
    { texts, labels },
    { approach: 'bilstm', seed: 1, embeddingSize: 8, hiddenSize: 8, epochs: 12, batchSize: 16, learningRate: 0.02 },
  );
  await trained.save(folder, { inputExample: { text: texts.slice(0, 2) } });
  await trained.close();
  const model = await loadModel(folder);
  const text = 'The flight was AWFUL';
  const columns = { text: [text, ''] };
  const explained = await model.explain!(columns);
  assert.deepEqual(
    explained.map(({ label }) => label),
    (await model.predict(columns))['label'],
  );
  for (const { output, baseline, contributions, gap, steps } of explained) {
    const sum = contributions.reduce((total, { value }) => total + value, 0);
    assert.ok(Math.abs(output - (baseline + sum + gap)) < 1e-4 && steps! >= 16);
    // Pooling by the greatest state has edges, at which more points help slowly.
    assert.ok(Math.abs(gap) <= 0.01 * Math.max(0.01, Math.abs(output - baseline)));
  }
  const { contributions } = explained[0]!;
  const strongest = contributions.reduce((best, one) => (Math.abs(one.value) > Math.abs(best.value) ? one : best));
  assert.equal(text.slice(...strongest.span!), 'AWFUL');
  assert.ok(strongest.value > 0);
  await assert.rejects(model.explain!(columns, { label: 'ugly' }), { reason: 'unknown_label' });
  await model.close();
  await rm(folder, { recursive: true });
});
