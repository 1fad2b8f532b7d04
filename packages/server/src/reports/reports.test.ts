import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  AppError,
  type ModelVersion,
  notFound,
  type PipelineRun,
  type Run,
  type StepArtifact,
  type StepRun,
  Trace,
} from '@boucle/contract';
import { Compile } from 'typebox/compile';
import { createMonitoring, type Monitoring } from '../monitoring/index.ts';
import { newId } from '../platform/index.ts';
import { aManifest, aStep } from '../testing/a-manifest.ts';
import { callOf } from '../testing/call-of.ts';
import { databases } from '../testing/databases.ts';
import { layServingGround, type ServingGround } from '../testing/serving-ground.ts';
import { createReports, type ReportParts, type Reports } from './index.ts';

const [experimentRun, trainStep, cachedStep, pipelineRunId] = [newId(), newId(), newId(), newId()];
let areRowsLost = false;
const codeDigest = `blob:${'c'.repeat(64)}`;
const trainTable: StepArtifact = { kind: 'table', digest: `rows:${'d'.repeat(64)}`, tree: `tree:${'e'.repeat(64)}`, rows: 800 };

const stepRun: StepRun = {
  id: trainStep,
  project: 'airline',
  pipelineRunId,
  step: 'train',
  status: 'succeeded',
  attempt: 1,
  cacheKey: null,
  cachedFrom: null,
  runId: experimentRun,
  outputs: {},
  failure: null,
  progress: null,
  queuedAt: null,
  startedAt: null,
  endedAt: null,
};
const run = { id: experimentRun, commit: 'abc', changes: null, codeDigest: null } as Partial<Run> as Run;

describe('reports', () => {
  let ground: ServingGround;
  let monitoring: Monitoring;
  let reports: Reports;
  let version: ModelVersion;
  before(async () => {
    ground = await layServingGround(databases.sqlite);
    const { db, events, clock, serving } = ground;
    version = { ...ground.versions.get('sentiment/1')!, runId: experimentRun, stepRunId: cachedStep };
    monitoring = createMonitoring({ db, events, clock, serving, labelsOf: async () => version.labels });
    const plan = aManifest({}, [aStep('train', { codeDigest })]).pipelines[0]!;
    const pipelineRun = { id: pipelineRunId, plan, inputs: {}, status: 'succeeded', steps: [] } as Partial<PipelineRun> as PipelineRun;
    const among =
      <T extends { id: string }>(things: readonly T[]) =>
      async (_: unknown, id: string): Promise<T> => {
        const found = things.find((thing) => thing.id === id);
        if (!found) throw notFound('thing', id);
        return found;
      };
    const sources: ReportParts['sources'] = {
      prediction: serving.find,
      feedback: monitoring.of,
      deployment: serving.deployment,
      modelVersion: among([version]),
      run: among([run]),
      stepRun: among([stepRun, { ...stepRun, id: cachedStep, status: 'cached', cachedFrom: trainStep }]),
      stepInputs: async (_, id) => (id === trainStep ? { train: [trainTable], settings: [{ ...trainTable, kind: 'value' }] } : {}),
      pipelineRun: among([pipelineRun]),
      datasetVersion: () => Promise.reject(notFound('dataset version', 'tweets/1')),
      firstRows: async (_, table, limit) => {
        if (areRowsLost) throw new AppError('failed_precondition', 'The store has lost them', { reason: 'blob_lost' });
        return [{ _row: 'f'.repeat(32), text: `${table.digest} ${'x'.repeat(900)}`, limit }];
      },
      framing: async () => ({ problem: 'Support reads angry tweets hours late', kpis: 1 }),
      latestDatasetVersion: async () => undefined,
      latestPipelineRun: async () => undefined,
      countRuns: async () => 3,
      latestModelVersion: async () => version,
      endpoints: serving.facts,
      agreement: monitoring.agreement,
    };
    reports = createReports({ clock, events, sources });
  });
  after(() => ground.stop());

  const predicted = async (): Promise<string> => {
    const requestId = newId();
    await ground.serving.predict(ground.serving.endpointCalled('sentiment'), callOf({ text: ['late'] }, { requestId }));
    return `${requestId}.0`;
  };

  test('a prediction is followed to the rows its model learned from', async () => {
    const deployment = await ground.deploy('sentiment/1');
    const id = await predicted();
    await monitoring.give(ground.actor, [{ predictionId: id, label: 'negative' }]);
    const trace = await reports.trace(ground.actor, id);
    assert.deepEqual(
      [trace.prediction.id, trace.feedback[0]!.label, trace.deployment, trace.modelVersion],
      [id, 'negative', deployment, version],
    );
    assert.deepEqual([trace.run, trace.commit, trace.pipelineRunId, trace.codeDigest], [run, 'abc', pipelineRunId, codeDigest]);
    assert.deepEqual(trace.stepRun, stepRun, 'the step that did the work, not the one that found it done');
    const [table, ...others] = trace.learnedFrom;
    assert.deepEqual([table!.input, table!.digest, table!.rows, others], ['train', trainTable.digest, 800, []]);
    assert.equal((table!.first[0]!['text'] as string).length, 501);
    assert.ok(trace.milliseconds < 1000);
    areRowsLost = true;
    const [shown] = (await reports.trace(ground.actor, id)).learnedFrom;
    assert.deepEqual([shown!.digest, shown!.rows, shown!.first], [trainTable.digest, 800, []]);
  });

  test('a trail that ends somewhere is shown as far as it goes', async () => {
    await ground.deploy('sentiment/2');
    const trace = await reports.trace(ground.actor, await predicted());
    assert.deepEqual(
      [trace.deployment!.number, trace.modelVersion, trace.run, trace.stepRun, trace.learnedFrom],
      [2, null, null, null, []],
    );
    assert.ok(Compile(Trace).Check(JSON.parse(JSON.stringify(trace))));
    await assert.rejects(reports.trace(ground.actor, `${newId()}.0`), { code: 'not_found' });
    await assert.rejects(reports.trace(ground.stranger, trace.prediction.id), { code: 'not_found' });
  });

  test('the overview says what each station knows, and which story is the newest', async () => {
    await ground.serving.tellTraffic();
    const news = await ground.newsOf('deployment.ready');
    const overview = await reports.overview(ground.actor);
    assert.equal(news.length, 2);
    assert.deepEqual(
      [overview.framing.state, overview.tracking.runs, overview.registry.model, overview.serving.endpoint, overview.serving.requests],
      ['ok', 3, 'sentiment', 'sentiment', 2],
    );
    assert.deepEqual([overview.monitoring.feedback, overview.monitoring.agreed, overview.datasets.state], [1, 1, 'idle']);
    const story = await reports.story(ground.actor, overview.story!, 100);
    assert.ok(story.events.some(({ type }) => type === 'deployment.ready'));
    await assert.rejects(reports.story(ground.stranger, overview.story!, 100), { code: 'not_found' });
  });
});
