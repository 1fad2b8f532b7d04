import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeManifest } from '../bundle/index.ts';
import { attemptLayout, runStep, stageStep } from '../runner/index.ts';
import { createLab, specOf, temporaryFolder, writeProject } from '../testing/step-lab.ts';

const config = `
  import { Type, defineDataset, definePipeline, defineProject, evaluateTabular, trainTabular } from '@boucle/project';
  const people = defineDataset('people', {
    source: 'people.csv',
    columns: { age: Type.Integer(), sex: Type.String(), income: Type.String() },
  });
  const pipeline = definePipeline('main', { inputs: { people } }, ({ people }) => {
    const { model } = trainTabular({ train: people, validation: people, target: 'income', approach: 'boosted-trees', seed: 1, options: { rounds: 10, minRows: 5 } });
    const { report } = evaluateTabular({ model, data: people, target: 'income', positive: 'high', fairFor: ['sex'] });
    return { report };
  });
  export default defineProject('lab', { problem: '', owners: [], risk: 'minimal', kpis: {}, datasets: [people], pipelines: [pipeline], endpoints: [], monitors: [] });
`;
const columns = [
  { name: 'age', type: { type: 'int' } },
  { name: 'sex', type: { type: 'text' } },
  { name: 'income', type: { type: 'text' } },
] as const;
const rows = Array.from({ length: 200 }, (_, i) => ({
  age: 20 + (i % 37),
  sex: i % 2 === 0 ? 'f' : 'm',
  // One in twenty does not follow from the age.
  income: 20 + (i % 37) > 40 === (i % 20 !== 0) ? 'high' : 'low',
}));

test('a table is evaluated as texts are, and each column has its importance', async (t) => {
  const folder = await temporaryFolder(t);
  await writeProject(join(folder, 'project'), { 'boucle.config.ts': config });
  const project = await makeManifest(join(folder, 'project'));
  const lab = createLab(folder);
  await lab.keepBundle(project);
  const people = await lab.keepTable({ columns }, rows);
  const training = lab.next();
  await stageStep(specOf(project, 'train-tabular', { inputs: { train: [people], validation: [people] } }), lab.source, training);
  const { model } = await lab.keepOutputs(training, await runStep(training));
  const run = async (params: Record<string, unknown> = {}) => {
    const attempt = lab.next();
    await stageStep(specOf(project, 'evaluate-tabular', { inputs: { model: [model!], data: [people] }, params }), lab.source, attempt);
    return { result: await runStep(attempt), folder: attemptLayout(attempt) };
  };

  const done = await run();
  assert.equal(done.result.status, 'succeeded', JSON.stringify(done.result));
  const valueOf = async (name: string) => JSON.parse(await readFile(join(done.folder.output(name), 'value.json'), 'utf8')) as unknown;
  const report = (await valueOf('report')) as {
    metrics: Record<string, number>;
    intervals: object;
    rows: number;
    details: { fairness: { column: string }[] };
  };
  assert.ok(
    report.rows === 200 && report.metrics['accuracy']! > 0.9 && 'accuracy' in report.intervals && 'average_precision' in report.metrics,
  );
  assert.deepEqual(
    report.details.fairness.map(({ column }) => column),
    ['sex'],
  );
  const importance = (await valueOf('importance')) as { column: string; increase: number; interval: [number, number] }[];
  assert.deepEqual(
    importance.map(({ column }) => column),
    ['age', 'sex'],
  );
  assert.ok(importance[0]!.interval[0] > 0.1 && importance[0]!.increase > importance[1]!.increase);

  const { result } = await run({ target: 'wealth' });
  assert.ok(result.status === 'failed' && /no column "wealth"/.test(result.failure.message), JSON.stringify(result));
});
