import assert from 'node:assert/strict';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import type { PipelineRun, StepArtifact } from '@boucle/contract';
import { addExamples, applyProject, examples, project, runPipeline, writeProject } from '../../src/testing/small-project.ts';
import { type RunningServer, forAllTests, startServer, tempFolder } from './start-server.ts';

const searching = `{ inputs: { examples }, params: { seed: withDefault(Type.Integer(), 3) } }, ({ examples, seed }) => {
  const { train, validation } = split({ data: examples, stratify: 'label', validation: 0.3, seed });
  const { model, settings, report } = searchText({
    train, validation, approach: 'logistic-regression', seed, by: 'log_loss', trials: 4, parallel: 2, fixed: { minDf: 1 },
    space: { C: { kind: 'log-real', low: 1e-4, high: 100 }, sublinearTf: { kind: 'choice', values: [true, false] } },
    method: { kind: 'tpe', startup: 4 }, halving: { of: 'rows', least: 0.3, eta: 2 },
  }, { experiment: 'search/logistic' });
  return { model, settings, report };
}`;
interface Outcome {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly status: 'finished' | 'stopped';
  readonly value: number;
  readonly rungs: readonly { readonly at: number }[];
}
interface Report {
  readonly trials: readonly Outcome[];
  readonly best: number;
}

describe('a search whose trials are Runs', () => {
  const owner = forAllTests();
  let server: RunningServer;
  let run: PipelineRun;
  const valueOf = (output: string) => (run.outputs[output] as StepArtifact).value;
  const report = () => valueOf('report') as Report;
  const stepNamed = (id: string) => run.steps.find(({ step }) => step === id)!;
  const runOf = (trial: number) => server.client.runs.get({ params: { project, runId: stepNamed(`search-trial-${trial}`).runId! } });

  before(async () => {
    const folder = path.join(await tempFolder(owner), 'project');
    await writeProject(folder, { imports: `import { searchText } from '@boucle/project';`, pipelines: { searching } });
    server = await startServer(owner, path.join(await tempFolder(owner), 'data'));
    await applyProject(server.client, folder);
    await addExamples(server.client, examples(160));
    run = await runPipeline(server.client, 'searching');
    assert.equal(run.status, 'succeeded', JSON.stringify(run.steps.find(({ failure }) => failure)));
  });

  test('each trial has a Run in the experiment, with its settings as params and a metric for each rung', async () => {
    const [trial] = report().trials;
    const { experimentId, params, metrics } = await runOf(1);
    const { items } = await server.client.experiments.list({ params: { project }, query: {} });
    assert.equal(items.find(({ id }) => id === experimentId)?.name, 'search/logistic');
    assert.equal(params['settings.C'], JSON.stringify(trial!.settings['C']));
    assert.equal(params['settings.sublinearTf'], String(trial!.settings['sublinearTf']));
    assert.equal(metrics['validation_log_loss'], trial!.value);
  });

  test('trials that fall behind are stopped early and marked; the best of those that were not is put out', async () => {
    const { trials, best } = report();
    const stopped = trials.findIndex(({ status }) => status === 'stopped');
    assert.ok(stopped >= 0, 'none was stopped');
    assert.ok(trials[stopped]!.rungs.length < trials[best]!.rungs.length);
    assert.ok((await runOf(stopped + 1)).metrics['stopped'] === 1);
    const finished = trials.filter(({ status }) => status === 'finished');
    assert.equal(trials[best]!.value, Math.min(...finished.map(({ value }) => value)));
    assert.deepEqual(valueOf('settings'), trials[best]!.settings);
    assert.equal(stepNamed('search-choose').outputs['model']!.kind, 'model');
  });

  test('searched again, it is all there: no trial runs twice', async () => {
    const again = await runPipeline(server.client, 'searching');
    assert.deepEqual(new Set(again.steps.map(({ status }) => status)), new Set(['cached']));
    assert.deepEqual(again.outputs, run.outputs);
  });
});
