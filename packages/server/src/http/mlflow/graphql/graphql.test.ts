import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import fastify, { type FastifyInstance } from 'fastify';
import { silentLog } from '../../../platform/index.ts';
import { createRegistry } from '../../../registry/index.ts';
import { databases } from '../../../testing/databases.ts';
import { type Ground, layGround } from '../../../testing/ground.ts';
import { openGate } from '../../../testing/open-gate.ts';
import { createTracking, type Tracking } from '../../../tracking/index.ts';
import { mlflowRoutes } from '../index.ts';
import { bindGraphql } from './bind-graphql.ts';

interface Answer {
  status: number;
  data: never;
  errors: string[] | null;
  error_code?: string;
  message?: string;
}

for (const [database, start] of Object.entries(databases)) {
  describe(`queries of MLflow's pages on ${database}`, () => {
    let ground: Ground;
    let tracking: Tracking;
    let app: FastifyInstance;
    let experimentId: string;
    let runId: string;
    const mistakes: unknown[] = [];
    before(async () => {
      ground = await layGround(start);
      tracking = createTracking({ ...ground, maxUploadBytes: 1000 });
      const registry = createRegistry({
        ...ground,
        tracking,
        scratch: ground.folder,
        gates: { declaredEndpoint: async () => undefined, readTable: async function* () {} },
      });
      const { actor } = ground;
      experimentId = (await tracking.experiments.create(actor, { name: 'moods', tags: { a: 'b' } })).id;
      runId = (
        await tracking.runs.start(actor, { experimentId, name: 'first', params: { lr: '0.1' }, startedAt: '2026-01-01T00:00:00.000Z' })
      ).id;
      const time = 1_700_000_000_000;
      await tracking.runs.log(actor, runId, {
        metrics: [
          { key: 'loss', value: 0.5, step: 1, time },
          { key: 'loss', value: 0.25, step: '9007199254740993', time },
          { key: 'odd', value: Number.NaN, step: 1, time },
        ],
      });
      await tracking.runs.logInputs(actor, runId, {
        datasets: [{ name: 'moods', digest: '1', sourceType: 'local', source: 'a', tags: {} }],
        models: [],
      });
      for (const path of ['a.txt', 'folder/b.txt'])
        await tracking.artifacts.put(actor, `run:${runId}`, { path, data: Readable.from(['hello']) });
      await registry.models.create(actor, { name: 'mood', description: '' });
      await registry.versions.registerSource(actor, { model: 'mood', source: `runs:/${runId}/a`, runId, tags: {} } as never);

      app = fastify();
      const { project, ...caller } = actor;
      const door = {
        callerOf: async () => caller,
        resolveProject: async () => project,
        gate: openGate,
        log: { ...silentLog, error: (...said: unknown[]) => void mistakes.push(said) },
        publicUrl: undefined,
        bodyLimit: 200_000,
      };
      const routes = mlflowRoutes({ tracking, registry, webhooks: {} as never, users: {} as never });
      await app.register(async (own) => bindGraphql(own, routes, door as never));
    });
    after(async () => {
      await app.close();
      await ground.stop();
      assert.deepEqual(mistakes, []);
    });

    const send = async (body: unknown): Promise<Answer> => {
      const answer = await app.inject({
        method: 'POST',
        url: '/graphql',
        payload: JSON.stringify(body),
        headers: { 'content-type': 'application/json; charset=utf-8' },
      });
      return { status: answer.statusCode, ...answer.json<Omit<Answer, 'status'>>() };
    };
    const ask = async (query: string, variables?: object): Promise<unknown> => {
      const { status, data, errors } = await send({ query, variables });
      assert.deepEqual([status, errors], [200, null]);
      return data;
    };
    const refused = async (query: string, message: RegExp, variables?: object): Promise<void> => {
      const { status, data, errors } = await send({ query, variables });
      assert.equal(status, 200);
      assert.equal(
        Object.values((data ?? {}) as object).every((value) => value === null),
        true,
      );
      assert.match(errors!.join('\n'), message);
    };

    test('an experiment is told by its names in camelCase, times as texts', async () => {
      const query = `query GetIt($data: MlflowGetExperimentInput!) @component(name: "Test") {
        mlflowGetExperiment(input: $data) {
          apiError { code }
          experiment { __typename experimentId name lifecycleStage creationTime tags { key value } effectiveTraceArchivalRetention workspace }
        }
      }`;
      assert.deepEqual(await ask(query, { data: { experimentId } }), {
        mlflowGetExperiment: {
          apiError: null,
          experiment: {
            __typename: 'MlflowExperiment',
            experimentId,
            name: 'moods',
            lifecycleStage: 'active',
            creationTime: String(ground.clock.now().getTime()),
            tags: [{ key: 'a', value: 'b' }],
            effectiveTraceArchivalRetention: '',
            workspace: 'airline',
          },
        },
      });
    });

    test('a run is told with its experiment and the versions that came of it; what it lacks is empty', async () => {
      const query = `{ mlflowGetRun(input: { runUuid: "${runId}" }) { run {
        info { runId runName status startTime endTime artifactUri }
        data { metrics { key value step timestamp modelId } params { key value } }
        inputs { datasetInputs { dataset { name digest schema } } modelInputs { modelId } }
        outputs { modelOutputs { modelId step } }
        experiment { name }
        modelVersions { name version status currentStage aliases deploymentJobState { jobId jobState } }
      } } }`;
      assert.deepEqual(await ask(query), {
        mlflowGetRun: {
          run: {
            info: {
              runId,
              runName: 'first',
              status: 'RUNNING',
              startTime: '1767225600000',
              endTime: '0',
              artifactUri: `mlflow-artifacts:/${experimentId}/${runId}/artifacts`,
            },
            data: {
              metrics: [
                { key: 'loss', value: 0.25, step: '9007199254740993', timestamp: '1700000000000', modelId: '' },
                { key: 'odd', value: null, step: '1', timestamp: '1700000000000', modelId: '' },
              ],
              params: [{ key: 'lr', value: '0.1' }],
            },
            inputs: { datasetInputs: [{ dataset: { name: 'moods', digest: '1', schema: '' } }], modelInputs: [] },
            outputs: { modelOutputs: [] },
            experiment: { name: 'moods' },
            modelVersions: [
              {
                name: 'mood',
                version: '1',
                status: 'READY',
                currentStage: 'None',
                aliases: [],
                deploymentJobState: { jobId: '', jobState: null },
              },
            ],
          },
        },
      });
    });

    test('runs are searched by a query and by a mutation, and what belongs to them is asked for together', async () => {
      const { actor } = ground;
      const other = (await tracking.experiments.create(actor, { name: 'many' })).id;
      for (let i = 0; i < 5; i += 1)
        await tracking.runs.start(actor, { experimentId: other, name: `run ${i}`, startedAt: new Date(1000 * i).toISOString() });
      const fields = `mlflowSearchRuns(input: { experimentIds: ["${other}", "${experimentId}"], maxResults: 3, runViewType: ALL, orderBy: ["start_time ASC"] }) {
        runs { info { runName } experiment { name } modelVersions { name } }
        nextPageToken
      }`;
      const expected = [0, 1, 2].map((i) => ({ info: { runName: `run ${i}` }, experiment: { name: 'many' }, modelVersions: [] }));
      const found = (await ask(`{ ${fields} }`)) as { mlflowSearchRuns: { runs: unknown; nextPageToken: string } };
      assert.deepEqual(found.mlflowSearchRuns.runs, expected);
      assert.notEqual(found.mlflowSearchRuns.nextPageToken, '');
      assert.deepEqual(await ask(`mutation Search { ${fields} }`), found);
    });

    test('metrics, artifacts, model versions and datasets are what their routes answer', async () => {
      const query = `{
        mlflowGetMetricHistoryBulkInterval(input: { runIds: ["${runId}"], metricKey: "loss", maxResults: 10 }) { metrics { key value step runId } }
        mlflowListArtifacts(input: { runId: "${runId}" }) { files { path isDir fileSize } rootUri nextPageToken }
        below: mlflowListArtifacts(input: { runId: "${runId}", path: "folder" }) { files { path isDir fileSize } }
        mlflowSearchModelVersions(input: { filter: "name = 'mood'", maxResults: 5 }) { modelVersions { name runId } nextPageToken }
      }`;
      assert.deepEqual(await ask(query), {
        mlflowGetMetricHistoryBulkInterval: {
          metrics: [
            { key: 'loss', value: 0.5, step: '1', runId },
            { key: 'loss', value: 0.25, step: '9007199254740993', runId },
          ],
        },
        mlflowListArtifacts: {
          files: [
            { path: 'a.txt', isDir: false, fileSize: '5' },
            { path: 'folder', isDir: true, fileSize: '0' },
          ],
          rootUri: `mlflow-artifacts:/${experimentId}/${runId}/artifacts`,
          nextPageToken: '',
        },
        below: { files: [{ path: 'folder/b.txt', isDir: false, fileSize: '5' }] },
        mlflowSearchModelVersions: { modelVersions: [{ name: 'mood', runId }], nextPageToken: '' },
      });
      const datasets = `mutation { mlflowSearchDatasets(input: { experimentIds: ["${experimentId}"] }) { datasetSummaries { name digest context } } }`;
      assert.deepEqual(await ask(datasets), {
        mlflowSearchDatasets: { datasetSummaries: [{ name: 'moods', digest: '1', context: '' }] },
      });
    });

    test('what one root cannot answer is null and said, and the others are answered', async () => {
      const { status, data, errors } = await send({
        query: `{
          good: mlflowGetExperiment(input: { experimentId: "${experimentId}" }) { experiment { name } }
          absent: mlflowGetExperiment(input: { experimentId: "999" }) { experiment { name } }
          bad: mlflowGetExperiment { experiment { name } }
          worse: mlflowGetMetricHistoryBulkInterval(input: { runIds: ["${runId}"], metricKey: "a", startStep: 3 }) { metrics { key } }
        }`,
      });
      assert.equal(status, 200);
      assert.deepEqual(data, { good: { experiment: { name: 'moods' } }, absent: null, bad: null, worse: null });
      assert.equal(errors!.length, 3);
      assert.match(errors!.join('\n'), /No Experiment with id=999 exists/);
      assert.match(errors!.join('\n'), /Missing value for required parameter 'experiment_id'/);
      assert.match(errors!.join('\n'), /both must be specified/);
    });

    test('a query that is too large is refused before anything is asked', async () => {
      const root = `mlflowGetExperiment(input: { experimentId: "${experimentId}" })`;
      const many = (count: number, what: (i: number) => string) => Array.from({ length: count }, (_, i) => what(i)).join(' ');
      await refused(`{ ${many(11, (i) => `a${i}: ${root} { experiment { name } }`)} }`, /at most 10 root fields/);
      await refused(`{ ${root} { ${many(11, (i) => `a${i}: experiment { name }`)} } }`, /at most 10 aliases/);
      const spread = many(11, (i) => `...F${i}`);
      const parts = many(11, (i) => `fragment F${i} on MlflowGetExperimentResponse { a${i}: experiment { name } }`);
      await refused(`{ ${root} { ${spread} } } ${parts}`, /at most 10 aliases/);
      await refused(`{ ${root} { experiment ${'{ name '.repeat(12)}${'}'.repeat(12)} } }`, /maximum depth of 10/);
      await refused(`{ ${'a { '.repeat(2000)} b ${'} '.repeat(2000)} }`, /depth/);
      await refused(`{ a(b: ${'['.repeat(3000)}`, /depth/);
      await refused(`{ ${root} { experiment { ${many(1002, (i) => `f${i}`)} } } }`, /total selections of 1000/);
      await refused(`{ ${root} { ...F } } fragment F on MlflowGetExperimentResponse { experiment { ...F } }`, /depth|cannot be spread/i);
      await refused(`{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }`, /itself/);
      await refused(`{ ${root} { experiment { name } } } ${'#'.repeat(100_000)}`, /100000 characters/);
      await refused(`{ ${'a '.repeat(9000)} }`, /tokens/i);
      await refused(
        many(101, (i) => `fragment F${i} on Query { __typename }`),
        /100 fragments/,
      );
    });

    test('what is no query, or none of this schema, is said', async () => {
      await refused('{', /Syntax Error/);
      await refused('{ nothing }', /Cannot query field "nothing"/);
      await refused('subscription { a }', /subscription/i);
      await refused('fragment F on Query { __typename }', /F/);
      await refused('query ($a: Nothing!) { __typename }', /Nothing/);
      await refused('query ($a: MlflowGetRunInput!) { mlflowGetRun(input: $a) { run { info { runId } } } }', /\$a/, {});
      await refused('query ($a: MlflowGetRunInput!) { mlflowGetRun(input: $a) { run { info { runId } } } }', /runId/, { a: { runId: 1 } });
      assert.deepEqual((await send({ query: 'query A { __typename } query B { __typename }', operationName: 'B' })).data, {
        __typename: 'Query',
      });
      assert.match((await send({ query: '{ __typename }', operationName: 'C' })).errors!.join(), /C/);
      for (const body of [{}, { query: '' }, { query: 1 }, { query: '{ __typename }', variables: [] }, [], 'x', 1]) {
        const { status, error_code } = await send(body);
        assert.deepEqual([status, typeof error_code], [400, 'string']);
      }
      const plain = await app.inject({ method: 'POST', url: '/graphql', payload: '{}', headers: { 'content-type': 'text/plain' } });
      assert.equal(plain.statusCode, 400);
    });
  });
}
