import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadModel } from '@boucle/models';
import { makeManifest } from '../bundle/index.ts';
import { attemptLayout, runStep, stageStep } from '../runner/index.ts';
import { createLab, specOf, temporaryFolder, writeProject } from '../testing/step-lab.ts';

const config = `
  import { Type, defineDataset, definePipeline, defineProject, trainRegression, trainTabular } from '@boucle/project';
  const people = defineDataset('people', {
    source: 'people.csv',
    columns: { age: Type.Integer(), job: Type.String(), member: Type.Boolean(), income: Type.Enum(['high', 'low']), hours: Type.Number() },
  });
  const pipeline = definePipeline('main', { inputs: { people } }, ({ people }) => {
    const sides = { train: people, validation: people, seed: 1 };
    const { model } = trainTabular({ ...sides, target: 'income', columns: ['age', 'job', 'member'], approach: 'boosted-trees', options: { rounds: 10, minRows: 5 } });
    const { importance } = trainRegression({ ...sides, target: 'hours', approach: 'linear' });
    return { model, importance };
  });
  export default defineProject('lab', { problem: '', owners: [], risk: 'minimal', kpis: {}, datasets: [people], pipelines: [pipeline], endpoints: [], monitors: [] });
`;
const columns = [
  { name: 'age', type: { type: 'int' } },
  { name: 'job', type: { type: 'text' } },
  { name: 'member', type: { type: 'bool' } },
  { name: 'income', type: { type: 'text' } },
  { name: 'hours', type: { type: 'float' } },
] as const;
const rows = Array.from({ length: 200 }, (_, i) => {
  const [age, job] = [20 + (i % 37), i % 11 === 0 ? null : ['clerk', 'nurse', 'smith'][i % 3]!];
  return {
    age,
    job,
    member: i % 2 === 0,
    income: age > 40 || job === 'nurse' ? 'high' : 'low',
    hours: age / 2 + (job === 'smith' ? 8 : 0),
  };
});

test('a table is learned from, and packaged, by steps of a pipeline', async (t) => {
  const folder = await temporaryFolder(t);
  await writeProject(join(folder, 'project'), { 'boucle.config.ts': config });
  const project = await makeManifest(join(folder, 'project'));
  const lab = createLab(folder);
  await lab.keepBundle(project);
  const given = await lab.keepTable({ columns }, rows);
  const metrics: Record<string, number> = {};
  const run = async (id: string, params: Record<string, unknown> = {}) => {
    const attempt = lab.next();
    await stageStep(specOf(project, id, { inputs: { train: [given], validation: [given] }, params }), lab.source, attempt);
    const result = await runStep(attempt, { onMetric: (name, value) => void (metrics[name] = value) });
    return { result, folder: attemptLayout(attempt) };
  };

  const classified = await run('train-tabular');
  assert.equal(classified.result.status, 'succeeded', JSON.stringify(classified.result));
  assert.ok(metrics['validation_accuracy']! > 0.98, String(metrics['validation_accuracy']));
  const model = await loadModel(join(classified.folder.output('model'), 'model'));
  assert.equal(model.task, 'tabular-classification');
  assert.deepEqual((await model.predict({ age: [55, 25], job: ['clerk', null], member: [true, null] }))['label'], ['high', 'low']);

  const regressed = await run('train-regression');
  assert.equal(regressed.result.status, 'succeeded', JSON.stringify(regressed.result));
  assert.ok(metrics['validation_rmse']! < 0.5, String(metrics['validation_rmse']));

  const { result } = await run('train-tabular', { target: 'wealth' });
  assert.ok(result.status === 'failed' && /no column "wealth"/.test(result.failure.message), JSON.stringify(result));
});
