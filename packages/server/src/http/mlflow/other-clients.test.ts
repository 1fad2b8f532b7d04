import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fastify, { type FastifyInstance } from 'fastify';
import { silentLog } from '../../platform/index.ts';
import { createRegistry } from '../../registry/index.ts';
import { databases } from '../../testing/databases.ts';
import { type Ground, layGround } from '../../testing/ground.ts';
import { openGate } from '../../testing/open-gate.ts';
import { createTracking } from '../../tracking/index.ts';
import { bindRoutes } from './bind-mlflow.ts';
import { artifactRoutes } from './routes/artifacts.ts';
import { experimentRoutes } from './routes/experiments.ts';
import { metricRoutes } from './routes/metrics.ts';
import { modelVersionRoutes } from './routes/model-versions.ts';
import { registeredModelRoutes } from './routes/registered-models.ts';
import { runRoutes } from './routes/runs.ts';
import { searchRoutes } from './routes/search.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
interface WireRun {
  readonly info: { readonly run_id: string; readonly status: string; readonly start_time: number; readonly end_time: number };
  readonly data: { readonly params: object[]; readonly metrics: { key: string; value: unknown; timestamp: number; step: number }[] };
}
interface WireVersion {
  readonly version: string;
  readonly run_id: string;
  readonly current_stage: string;
}
/** Whatever part of it a route answers. */
interface Answer {
  readonly error_code: string;
  readonly message: string;
  readonly experiment_id: string;
  readonly experiment: { readonly name: string };
  readonly experiments: { readonly experiment_id: string }[];
  readonly run: WireRun;
  readonly runs: WireRun[];
  readonly metrics: WireRun['data']['metrics'];
  readonly model_version: WireVersion;
  readonly model_versions: WireVersion[];
  readonly registered_model: { readonly description: string };
}
interface Sent {
  readonly body?: object | string;
  readonly query?: Readonly<Record<string, string>>;
  /** None is sent where it is empty. */
  readonly type?: string;
}

describe('what clients of other languages than Python send', () => {
  let ground: Ground;
  let app: FastifyInstance;
  before(async () => {
    ground = await layGround(databases.sqlite);
    await ground.projects.ensureDefault();
    const tracking = createTracking({ ...ground, maxUploadBytes: 1000 });
    await tracking.experiments.ensureDefault();
    const registry = createRegistry({
      ...ground,
      tracking,
      scratch: ground.folder,
      gates: { declaredEndpoint: async () => undefined, readTable: async function* () {} },
    });
    app = fastify();
    bindRoutes(
      app,
      [
        ...experimentRoutes(tracking),
        ...runRoutes(tracking),
        ...metricRoutes(tracking),
        ...searchRoutes(tracking),
        ...artifactRoutes(tracking),
        ...registeredModelRoutes(registry),
        ...modelVersionRoutes(registry),
      ],
      {
        callerOf: async () => ({ id: 'owner', permissions: 'all' }),
        resolveProject: ground.projects.resolve,
        gate: openGate,
        log: silentLog,
        publicUrl: undefined,
        bodyLimit: 1e6,
      },
    );
  });
  after(async () => {
    await app.close();
    await ground.stop();
  });

  const ask = async (method: Method, route: string, { body, query, type = 'application/json' }: Sent): Promise<[number, Answer]> => {
    const answer = await app.inject({
      method,
      url: `/api/2.0/mlflow/${route}`,
      ...(type !== '' && { headers: { 'content-type': type } }),
      ...(query && { query }),
      ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return [answer.statusCode, JSON.parse(answer.body) as Answer];
  };
  const answered = async (method: Method, route: string, sent: Sent): Promise<Answer> => {
    const [status, answer] = await ask(method, route, sent);
    assert.equal(status, 200, `${method} ${route}: ${answer.message}`);
    return answer;
  };
  const post = (route: string, body: object, type?: string) => answered('POST', route, { body, ...(type !== undefined && { type }) });
  const get = (route: string, query: Record<string, string>) => answered('GET', route, { query, type: '' });

  test("R's client, whose every scalar is a text, logs a run, finds it and registers what it made", async () => {
    const { experiment_id } = await post('experiments/create', { name: 'of R' });
    const { run } = await post('runs/create', {
      experiment_id,
      user_id: 'ada',
      run_name: 'first',
      start_time: '1700000000000',
      tags: [{ key: 'mlflow.source.type', value: 'LOCAL' }],
    });
    const { run_id } = run.info;
    const named = { run_uuid: run_id, run_id };
    await post('runs/log-metric', { ...named, key: 'rmse', value: '0.25', timestamp: '1700000000001', step: '1' });
    await post('runs/log-metric', { ...named, key: 'odd', value: 'NaN', timestamp: '1700000000001', step: '0' });
    await post('runs/log-batch', {
      run_id,
      metrics: [{ key: 'rmse', value: '1e-3', timestamp: '1700000000002', step: '2' }],
      params: [{ key: 'depth', value: '3' }],
      tags: [],
    });
    await post('runs/log-parameter', { ...named, key: 'scaled', value: 'TRUE' });
    await post('runs/update', { ...named, status: 'FINISHED', end_time: '1700000000003' });

    const found = await post('runs/search', {
      experiment_ids: [experiment_id],
      filter: 'metrics.rmse < 0.01',
      run_view_type: 'ACTIVE_ONLY',
      max_results: '1000',
      order_by: ['metrics.rmse ASC'],
    });
    const { info, data } = found.runs[0]!;
    assert.deepEqual(
      [info.run_id, info.status, info.start_time, info.end_time],
      [run_id, 'FINISHED', 1_700_000_000_000, 1_700_000_000_003],
    );
    assert.deepEqual(data.params, [
      { key: 'depth', value: '3' },
      { key: 'scaled', value: 'TRUE' },
    ]);
    assert.deepEqual(data.metrics, [
      { key: 'odd', value: 'NaN', timestamp: 1_700_000_000_001, step: 0 },
      { key: 'rmse', value: 0.001, timestamp: 1_700_000_000_002, step: 2 },
    ]);
    const { metrics } = await get('metrics/get-history', { run_uuid: run_id, run_id, metric_key: 'rmse', max_results: '25000' });
    assert.deepEqual(
      metrics.map(({ value, step }) => [value, step]),
      [
        [0.25, 1],
        [0.001, 2],
      ],
    );

    await post('registered-models/create', { name: 'of R' });
    const { model_version } = await post('model-versions/create', { name: 'of R', source: 's3://bucket/model', run_id });
    assert.deepEqual([model_version.version, model_version.run_id], ['1', run_id]);
    const staged = await post('model-versions/transition-stage', {
      name: 'of R',
      version: '1',
      stage: 'Production',
      archive_existing_versions: 'FALSE',
    });
    assert.equal(staged.model_version.current_stage, 'Production');
    const latest = await post('registered-models/get-latest-versions', { name: 'of R', stages: ['Production'] });
    assert.equal(latest.model_versions.length, 1);
  });

  test("Java's client, whose 64 bits are texts and whose runs have two names, logs a run and reads it back", async () => {
    const utf8 = 'application/json; charset=UTF-8';
    const { experiment_id } = await post('experiments/create', { name: 'of Java' }, utf8);
    const { run } = await post('runs/create', { experiment_id, user_id: 'ada', start_time: '1700000000000' }, utf8);
    const { run_id } = run.info;
    const named = { run_uuid: run_id, run_id };
    await post('runs/log-metric', { ...named, key: 'auc', value: 0.5, timestamp: '1700000000001', step: '9007199254740993' }, utf8);
    await post('runs/log-metric', { ...named, key: 'auc', value: 'Infinity', timestamp: '1700000000000' }, utf8);
    await post('runs/log-batch', { run_id, metrics: [{ key: 'loss', value: 2, timestamp: '1', step: '-1' }] }, utf8);
    await post('runs/set-tag', { ...named, key: 'who', value: 'ada' }, utf8);
    await post('runs/delete-tag', { run_id, key: 'who' }, utf8);

    const { run: known } = await get('runs/get', named);
    assert.deepEqual(
      known.data.metrics.map(({ key, value }) => [key, value]),
      [
        ['auc', 0.5],
        ['loss', 2],
      ],
    );
    const raw = await app.inject({
      url: '/api/2.0/mlflow/metrics/get-history',
      query: { ...named, metric_key: 'auc', max_results: '25000' },
    });
    assert.match(raw.body, /"step": ?9007199254740993\b/);
    const { experiments } = await get('experiments/search', { max_results: '1000', view_type: 'ALL', filter: "name = 'of Java'" });
    assert.deepEqual(
      experiments.map((one) => one.experiment_id),
      [experiment_id],
    );
    assert.deepEqual(Object.keys(await get('artifacts/list', named)), ['root_uri']);
  });

  test('a GET may say its fields in a body, whatever its type, and goes by its query where there is one', async () => {
    for (const type of ['', 'application/json', 'application/vnd.api+json', 'text/plain'])
      assert.equal((await answered('GET', 'experiments/get', { body: { experiment_id: '0' }, type })).experiment.name, 'Default', type);
    const both = { query: { experiment_id: '0' }, body: { experiment_id: '999999' } };
    assert.equal((await answered('GET', 'experiments/get', both)).experiment.name, 'Default');
    const [status, { error_code }] = await ask('GET', 'experiments/get', { type: '' });
    assert.deepEqual([status, error_code], [400, 'INVALID_PARAMETER_VALUE']);
  });

  test('what creates is JSON by its type; PATCH and DELETE are not asked', async () => {
    const name = 'of any type';
    for (const type of ['application/json', 'APPLICATION/JSON', 'application/json;charset=utf-8', 'application/json ; charset=utf-8'])
      await post('registered-models/create', { name: `${name}, as ${type.replaceAll('/', ' ')}` }, type);
    for (const type of ['', 'application/vnd.api+json', 'application/jsonp', 'text/json', 'application/x-www-form-urlencoded']) {
      const [status, answer] = await ask('POST', 'registered-models/create', { body: { name }, type });
      assert.deepEqual([status, answer.error_code], [400, 'INVALID_PARAMETER_VALUE'], type);
      assert.match(answer.message, /^Bad Request\. Content-Type/);
    }
    await post('registered-models/create', { name });
    for (const type of ['', 'application/merge-patch+json', 'text/plain']) {
      const description = `sent as ${type}`;
      const { registered_model } = await answered('PATCH', 'registered-models/update', { body: { name, description }, type });
      assert.equal(registered_model.description, description);
    }
    assert.deepEqual(await answered('DELETE', 'registered-models/delete', { body: { name }, type: 'application/vnd.api+json' }), {});
  });

  test('a text that holds the JSON is read as the JSON, and a body of nothing as no fields', async () => {
    const { run } = await post('runs/create', { experiment_id: '0' });
    const body = JSON.stringify(JSON.stringify({ run_id: run.info.run_id, key: 'a', value: 'b' }));
    assert.deepEqual(await answered('POST', 'runs/set-tag', { body }), {});
    assert.deepEqual(await answered('POST', 'runs/search', { body: '' }), {});
  });
});
