import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openTable } from '@boucle/data';
import { initProject } from '../src/bundle/index.ts';
import { runAlone } from '../src/runner/index.ts';
import { temporaryFolder } from '../src/testing/step-lab.ts';

const newProject = async (t: TestContext): Promise<string> => {
  const folder = join(await temporaryFolder(t), 'new');
  await initProject(folder, {});
  await mkdir(join(folder, 'data'));
  const rows = Array.from(
    { length: 60 },
    (_, i) => `${i},${i % 2 ? 'late again and rude' : 'thanks for the lovely flight'} ${i},${i % 2 ? 'negative' : 'other'}`,
  );
  await writeFile(join(folder, 'data/tweets.csv'), ['id,text,sentiment', ...rows].join('\n'));
  return folder;
};

test('each step of a new project runs by itself, on a file and then on what the one before left', async (t) => {
  const folder = await newProject(t);
  const tweets = join(folder, 'data/tweets.csv');
  const log: string[] = [];
  const hooks = { onLog: (line: string) => void log.push(line) };
  const clean = await runAlone(folder, 'training.clean', {
    inputs: { rows: (await runAlone(folder, 'training.validate', { inputs: { data: tweets }, hooks })).outputs['data']! },
    params: { minLength: 5 },
    hooks,
  });
  assert.equal(clean.result.status, 'succeeded', JSON.stringify(clean.result));
  assert.ok(log.includes('60 of 60 rows kept'));
  const split = await runAlone(folder, 'training.split', { inputs: { data: clean.outputs['rows']! } });
  const { train, validation, test: held } = split.outputs as Record<string, string>;
  const trained = await runAlone(folder, 'training.train', { inputs: { train: train!, validation: validation! } });
  const evaluated = await runAlone(folder, 'training.evaluate', { inputs: { model: trained.outputs['model']!, data: held! } });
  const report = JSON.parse(await readFile(evaluated.outputs['report']!, 'utf8')) as { metrics: Record<string, number> };
  assert.equal(report.metrics['recall_negative'], 1);
  const rows = await openTable(evaluated.outputs['predictions']!);
  assert.deepEqual(
    rows.schema.columns.map(({ name }) => name),
    ['label', 'score', 'actual'],
  );
  await rows.close();
});

test('data that does not meet its expectations stops, and says which row', async (t) => {
  const folder = await newProject(t);
  await writeFile(join(folder, 'empty.csv'), 'id,text,sentiment\n1,,negative\n2,fine,other\n');
  const { result } = await runAlone(folder, 'training.validate', { inputs: { data: join(folder, 'empty.csv') } });
  assert.ok(result.status === 'failed');
  assert.equal(result.failure.reason, 'expectations_failed');
  assert.match(result.failure.message, /not_be_null on text: 1 of 2 rows are unexpected, such as [0-9a-f]{32} \(null\)/);
});

test('what is missing or unknown is said', async (t) => {
  const folder = await newProject(t);
  await assert.rejects(runAlone(folder, 'training.cleen'), { reason: 'unknown_step', message: /training\.clean/ });
  await assert.rejects(runAlone(folder, 'training.clean'), { reason: 'input_missing', message: /--input rows=<table>/ });
  await assert.rejects(runAlone(folder, 'training.clean', { inputs: { rows: 'nowhere.csv' } }), { reason: 'input_missing' });
  await assert.rejects(runAlone(folder, 'training.clean', { inputs: { rows: join(folder, 'data/tweets.csv') }, params: { max: 1 } }), {
    message: /there are|has no parameter|no column/,
  });
});
