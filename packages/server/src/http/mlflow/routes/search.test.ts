import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fastify, { type FastifyInstance } from 'fastify';
import { silentLog } from '../../../platform/index.ts';
import { databases } from '../../../testing/databases.ts';
import { type Ground, layGround } from '../../../testing/ground.ts';
import { openGate } from '../../../testing/open-gate.ts';
import { createTracking, type Tracking } from '../../../tracking/index.ts';
import { bindRoutes } from '../bind-mlflow.ts';
import { searchRoutes } from './search.ts';

type Found = { info: Record<string, unknown>; data: Record<string, unknown[]>; inputs: object; outputs: object };
type Answer = {
  error_code?: string;
  message?: string;
  runs?: Found[];
  experiments?: Record<string, unknown>[];
  dataset_summaries?: object[];
  next_page_token?: string;
};

for (const [name, start] of Object.entries(databases)) {
  describe(`MLflow's routes of search on ${name}`, () => {
    let ground: Ground;
    let tracking: Tracking;
    let app: FastifyInstance;
    let experiment_ids: string[];
    before(async () => {
      ground = await layGround(start);
      tracking = createTracking({ ...ground, maxUploadBytes: 1000 });
      app = fastify();
      const { project, ...caller } = ground.actor;
      const door = {
        callerOf: async () => caller,
        resolveProject: async () => project,
        gate: openGate,
        log: silentLog,
        publicUrl: undefined,
        bodyLimit: 1_000_000,
      };
      await app.register(async (own) => bindRoutes(own, searchRoutes(tracking), door as never));
      experiment_ids = [(await tracking.experiments.create(ground.actor, { name: 'one', tags: { team: 'risk' } })).id];
    });
    after(async () => {
      await app.close();
      await ground.stop();
    });
    const ask = async (path: string, body: object, prefix = 'api'): Promise<Answer & { status: number; text: string }> => {
      const { statusCode, body: text } = await app.inject({
        method: 'POST',
        url: `/${prefix}/2.0/mlflow/${path}`,
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify(body),
      });
      return { ...(JSON.parse(text) as Answer), status: statusCode, text };
    };

    test('runs are found as MLflow tells them, page by page', async () => {
      const [experimentId] = experiment_ids;
      for (let i = 0; i < 3; i++) {
        ground.clock.advance(1000);
        const run = await tracking.runs.start(ground.actor, {
          experimentId: experimentId!,
          name: `r${i}`,
          params: { p: 'y' },
          tags: { t: 'é "x"' },
        });
        const metrics = [{ key: 'm', value: i === 1 ? ('NaN' as const) : i, step: 7, time: 5 }];
        await tracking.runs.log(ground.actor, run.id, { metrics });
      }
      const asked = { experiment_ids, filter: "params.p = 'y' AND metrics.m != 9", order_by: ['metrics.m DESC'], max_results: 2 };
      const first = await ask('runs/search', asked);
      assert.deepEqual(
        first.runs!.map(({ info }) => info['run_name']),
        ['r2', 'r0'],
      );
      const { info, data, inputs, outputs } = first.runs![0]!;
      assert.equal(info['status'], 'RUNNING');
      assert.equal(info['lifecycle_stage'], 'active');
      assert.equal(info['run_uuid'], info['run_id']);
      assert.deepEqual(data['metrics'], [{ key: 'm', value: 2, timestamp: 5, step: 7 }]);
      assert.deepEqual(data['params'], [{ key: 'p', value: 'y' }]);
      assert.deepEqual(data['tags'], [
        { key: 't', value: 'é "x"' },
        { key: 'mlflow.runName', value: 'r2' },
      ]);
      assert.deepEqual({ inputs, outputs }, { inputs: {}, outputs: {} });
      const second = await ask('runs/search', { ...asked, page_token: first.next_page_token });
      assert.deepEqual(
        second.runs!.map((run) => [run.info['run_name'], run.data['metrics']]),
        [['r1', [{ key: 'm', value: 'NaN', timestamp: 5, step: 7 }]]],
      );
      assert.equal(second.next_page_token, undefined);
      const other = await ask('runs/search', { ...asked, filter: '', page_token: first.next_page_token });
      assert.deepEqual([other.status, other.error_code], [400, 'INVALID_PARAMETER_VALUE']);
      assert.match(other.message!, /^Invalid page token/);
    });

    test('nothing found is the empty object, and no experiments are no runs', async () => {
      assert.equal((await ask('runs/search', { experiment_ids, filter: 'metrics.m > 99' })).text, '{}');
      assert.equal((await ask('runs/search', {})).text, '{}');
      assert.equal((await ask('runs/search', { experiment_ids: ['no number'], page_token: '', filter: '' })).text, '{}');
    });

    test('what R sends, all as texts, is understood', async () => {
      const found = await ask('runs/search', {
        experiment_ids,
        max_results: '1',
        run_view_type: 'ALL',
        order_by: ['attribute.start_time ASC'],
      });
      assert.deepEqual(
        found.runs!.map(({ info }) => info['run_name']),
        ['r0'],
      );
    });

    test('a wrong filter, order or number is 400 and says where', async () => {
      for (const wrong of [
        { filter: 'params.p = 1' },
        { order_by: ['start_time', 'start_time'] },
        { max_results: 0 },
        { max_results: 50_001 },
        { run_view_type: 'SOME' },
      ]) {
        const { status, error_code } = await ask('runs/search', { experiment_ids, ...wrong });
        assert.deepEqual({ wrong, status, error_code }, { wrong, status: 400, error_code: 'INVALID_PARAMETER_VALUE' });
      }
      assert.match(
        (await ask('runs/search', { experiment_ids, filter: 'params.p = 1' })).message!,
        /Invalid filter at character 12.*▸1 — expected a text in quotes/,
      );
    });

    test('experiments are found by name, tag and time, by POST and GET', async () => {
      ground.clock.advance(1000);
      const two = await tracking.experiments.create(ground.actor, { name: 'Two', tags: { team: 'Fraud' } });
      const gone = await tracking.experiments.create(ground.actor, { name: 'gone' });
      await tracking.experiments.remove(ground.actor, gone.id);
      const names = async (more: object) =>
        (await ask('experiments/search', { max_results: 10, ...more })).experiments?.map((one) => one['name']).join();
      assert.equal(await names({}), 'Two,one');
      assert.equal(await names({ view_type: 'DELETED_ONLY' }), 'gone');
      assert.equal(await names({ view_type: 3, order_by: ['name'] }), 'Two,gone,one');
      assert.equal(await names({ order_by: ['experiment_id ASC'] }), 'one,Two');
      assert.equal(await names({ order_by: ['tags.team DESC'] }), 'one,Two');
      assert.equal(await names({ filter: "name LIKE 'T%'" }), 'Two');
      assert.equal(await names({ filter: "name LIKE 't%'" }), undefined);
      assert.equal(await names({ filter: "attribute.name ILIKE 't%' OR tags.team = 'risk'" }), 'Two,one');
      assert.equal(await names({ filter: "tags.team != 'risk'" }), 'Two');
      assert.equal(await names({ filter: 'tag.team IS NULL', view_type: 'ALL' }), 'gone');
      assert.equal(await names({ filter: `creation_time >= ${Date.parse(two.createdAt)}` }), 'Two');
      const first = await ask('experiments/search', { max_results: 1 });
      assert.equal(await names({ page_token: first.next_page_token }), 'one');
      assert.equal((await ask('experiments/search', {})).status, 400);
      const { body } = await app.inject({ method: 'GET', url: '/api/2.0/mlflow/experiments/search?max_results=10&order_by=name' });
      assert.deepEqual(
        (JSON.parse(body) as Answer).experiments!.map((one) => one['name']),
        ['Two', 'one'],
      );
    });

    test('the tables that runs used are told once each', async () => {
      const [experimentId] = experiment_ids;
      const version = { dataset: 'tweets', number: 1, digest: `rows:${'1'.repeat(64)}`, context: 'training' };
      for (let i = 0; i < 2; i++) await tracking.runs.start(ground.actor, { experimentId: experimentId!, inputs: [version] });
      const { dataset_summaries } = await ask('experiments/search-datasets', { experiment_ids }, 'ajax-api');
      assert.deepEqual(dataset_summaries, [{ experiment_id: experimentId, name: 'tweets', digest: version.digest, context: 'training' }]);
      assert.equal((await ask('experiments/search-datasets', { experiment_ids: Array(21).fill('1') })).status, 400);
      assert.equal((await ask('experiments/search-datasets', {})).status, 400);
    });
  });
}
