import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openTable } from '@boucle/data';
import { makeManifest } from '../bundle/index.ts';
import { createLab, specOf, temporaryFolder } from '../testing/step-lab.ts';
import { attemptLayout, runStep, stageStep } from './index.ts';

const rowsOf = async (path: string) => {
  const table = await openTable(path);
  const rows: Readonly<Record<string, unknown>>[] = [];
  for await (const batch of table.batches()) rows.push(...batch);
  await table.close();
  return rows;
};

const airline = fileURLToPath(new URL('../../test/airline', import.meta.url));
const text = { type: 'text' } as const;
const columns = [
  { name: 'tweet_id', type: text },
  { name: 'text', type: text },
  { name: 'mood', type: text },
  { name: 'airline', type: text },
];
const moods = ['negative', 'neutral', 'positive'];
const tweets = Array.from({ length: 240 }, (_, i) => ({
  tweet_id: String(i),
  text: `@air ${['late again and lost my bag', 'gate number please', 'thank you lovely crew'][i % 3]} ${i}`,
  mood: moods[i % 3],
  airline: 'united',
}));

test('the airline goes from a table of tweets to predictions, each step from the blobs alone', async (t) => {
  const folder = await temporaryFolder(t);
  const project = await makeManifest(airline);
  const lab = createLab(folder);
  await lab.keepBundle(project);
  const metrics: Record<string, number> = {};
  const run = async (id: string, inputs: Parameters<typeof specOf>[2]) => {
    const attempt = lab.next();
    await stageStep(specOf(project, id, inputs), lab.source, attempt);
    const result = await runStep(attempt, { onMetric: (name, value) => void (metrics[name] = value) });
    assert.deepEqual(JSON.parse(await readFile(attemptLayout(attempt).result, 'utf8')), result);
    return lab.keepOutputs(attempt, result);
  };
  const given = await lab.keepTable({ columns }, tweets);
  const validated = await run('validate', { inputs: { data: [given] } });
  assert.equal(validated['data']?.digest, given.digest);
  const cleaned = await run('clean', { inputs: { tweets: [validated['data']!] } });
  const sides = await run('split', { inputs: { data: [cleaned['tweets']!] }, params: { seed: 7 } });
  assert.equal((sides['train']?.rows ?? 0) + (sides['validation']?.rows ?? 0) + (sides['test']?.rows ?? 0), 240);
  const { model } = await run('C-1', { inputs: { train: [sides['train']!], validation: [sides['validation']!] }, params: { seed: 7 } });
  const { best } = await run('compare', { inputs: { candidates: [model!, model!], data: [sides['validation']!] } });
  assert.equal(best?.digest, model?.digest);
  const { report, predictions } = await run('evaluate', { inputs: { model: [best!], data: [sides['test']!] } });
  assert.equal((report!.value as { digest: string }).digest, predictions!.digest);
  assert.ok((metrics['recall_negative'] ?? 0) > 0.9);

  const predicted = await rowsOf(lab.blobs.get(predictions!.files.find(({ path }) => path === 'data.parquet')!.blob)!);
  const identities = new Set((await rowsOf(lab.blobs.get(given.files[0]!.blob)!)).map(({ _row }) => _row));
  assert.equal(predicted.length, predictions?.rows);
  assert.ok(predicted.every(({ _row, label }) => identities.has(_row) && (label === 'negative' || label === 'other')));
});
