import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import fastify, { type FastifyInstance } from 'fastify';
import { silentLog } from '../../../platform/index.ts';
import { databases } from '../../../testing/databases.ts';
import { type Ground, layGround } from '../../../testing/ground.ts';
import { openGate } from '../../../testing/open-gate.ts';
import { createTracking, type Tracking } from '../../../tracking/index.ts';
import { bindRoutes } from '../bind-mlflow.ts';
import { metricRoutes } from './metrics.ts';

type Answer = { error_code?: string; message?: string; metrics?: Record<string, unknown>[]; next_page_token?: string };

describe("MLflow's routes of metrics", () => {
  let ground: Ground;
  let tracking: Tracking;
  let app: FastifyInstance;
  let run_id: string;
  before(async () => {
    ground = await layGround(databases.sqlite);
    tracking = createTracking({ ...ground, maxUploadBytes: 1000 });
    app = fastify();
    const { project, ...caller } = ground.actor;
    const door = {
      callerOf: async () => caller,
      resolveProject: async () => project,
      gate: openGate,
      log: silentLog,
      publicUrl: undefined,
      bodyLimit: 10_000_000,
    };
    await app.register(async (own) => bindRoutes(own, metricRoutes(tracking), door));
  });
  after(async () => {
    await app.close();
    await ground.stop();
  });
  beforeEach(async () => {
    run_id = (await tracking.runs.start(ground.actor, {})).id;
  });

  const answerOf = ({ statusCode, body }: { statusCode: number; body: string }) => ({
    status: statusCode,
    ...(JSON.parse(body) as Answer),
  });
  const post = async (path: string, body: object | string) =>
    answerOf(
      await app.inject({
        method: 'POST',
        url: `/api/2.0/mlflow/${path}`,
        headers: { 'content-type': 'application/json' },
        payload: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    );
  const get = async (path: string, query: Record<string, string | number | string[]>) => {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) for (const one of [value].flat()) search.append(name, String(one));
    const answer = await app.inject({ method: 'GET', url: `/ajax-api/2.0/mlflow/metrics/${path}?${search.toString()}` });
    return { ...answerOf(answer), body: answer.body };
  };
  const line = (count: number, from = 0) =>
    Array.from({ length: count }, (_, i) => ({ key: 'loss', value: (from + i) / 8, timestamp: 1000 + from + i, step: from + i }));
  const log = async (metrics: object[], run = run_id) => {
    for (let i = 0; i < metrics.length; i += 1000)
      assert.equal((await post('runs/log-batch', { run_id: run, metrics: metrics.slice(i, i + 1000) })).status, 200);
  };

  test('what is logged comes back by time, with steps of 64 bits, NaN as text, and what is beyond all numbers as the largest', async () => {
    const sent = [
      ['"-Infinity"', '-1', '"1"'],
      ['Infinity', '2', '2'],
      ['NaN', '"3"', '3'],
      ['0.5', '9007199254740993', '4'],
    ];
    for (const [value, step, timestamp] of sent) {
      const body = `{"run_uuid":"${run_id}","key":"loss","value":${value},"timestamp":${timestamp},"step":${step}}`;
      assert.deepEqual(await post('runs/log-metric', body), { status: 200 });
    }
    const { body } = await get('get-history', { run_id, metric_key: 'loss' });
    const point = (value: string, timestamp: number, step: string) =>
      `{"key":"loss","value":${value},"timestamp":${timestamp},"step":${step}}`;
    const points = [
      point('-1.7976931348623157e+308', 1, '-1'),
      point('1.7976931348623157e+308', 2, '2'),
      point('"NaN"', 3, '3'),
      point('0.5', 4, '9007199254740993'),
    ];
    assert.equal(body, `{"metrics":[${points.join(',')}]}`);
  });

  test('a repeated call changes nothing', async () => {
    const batch = { run_id, metrics: line(3), params: [{ key: 'lr', value: '1' }], tags: [{ key: 'by', value: 'me' }] };
    for (let i = 0; i < 3; i++) assert.deepEqual(await post('runs/log-batch', batch), { status: 200 });
    assert.deepEqual((await get('get-history', { run_id, metric_key: 'loss' })).metrics, line(3));
    const run = await tracking.runs.get(ground.actor.project, run_id);
    assert.deepEqual([run.params, run.tags, run.metrics], [{ lr: '1' }, { by: 'me' }, { loss: 0.25 }]);
  });

  test('a batch is logged whole or not at all', async () => {
    await post('runs/log-batch', { run_id, params: [{ key: 'lr', value: '1' }] });
    const answer = await post('runs/log-batch', {
      run_id,
      metrics: line(3),
      params: [{ key: 'lr', value: '2' }],
      tags: [{ key: 'a', value: 'b' }],
    });
    assert.deepEqual([answer.status, answer.error_code], [400, 'INVALID_PARAMETER_VALUE']);
    assert.match(answer.message!, /Params were already logged=.*'lr'.*'1'.*'2'/);
    assert.deepEqual((await get('get-history', { run_id, metric_key: 'loss' })).metrics, undefined);
    assert.deepEqual((await tracking.runs.get(ground.actor.project, run_id)).tags, {});
  });

  test('a run that has ended can be logged to, as clients that resume it do', async () => {
    await tracking.runs.end(ground.actor, run_id, { status: 'finished' });
    await log(line(1));
    assert.equal((await get('get-history', { run_id, metric_key: 'loss' })).metrics!.length, 1);
  });

  test('what is said of a logged model stands with the model too', async () => {
    const { experimentId } = await tracking.runs.get(ground.actor.project, run_id);
    const { id } = await tracking.loggedModels.create(ground.actor, { experimentId });
    const [first, last] = line(2, 7);
    await log([{ ...last, model_id: id, dataset_name: 'test', dataset_digest: 'd' }, first!]);
    const { metrics } = await tracking.loggedModels.get(ground.actor.project, id);
    const { key, value, timestamp, step } = last!;
    assert.deepEqual(metrics, [{ key, value, time: timestamp, step, runId: run_id, dataset: { name: 'test', digest: 'd' } }]);
    assert.deepEqual((await get('get-history', { run_id, metric_key: 'loss' })).metrics, [first, last]);
  });

  test('what is wrong with a metric is said with its place', async () => {
    const metric = { key: 'loss', value: 1, timestamp: 1 };
    const wrong: [string, object, RegExp][] = [
      ['runs/log-metric', { ...metric }, /^Missing value for required parameter 'run_id'/],
      ['runs/log-metric', { run_id, ...metric, value: 'foo' }, /^Invalid value "foo" for parameter 'value' supplied/],
      ['runs/log-metric', { run_id, ...metric, timestamp: -1 }, /'timestamp'/],
      ['runs/log-metric', { run_id, ...metric, step: 1.5 }, /'step'/],
      ['runs/log-metric', { run_id, ...metric, dataset_digest: 'd' }, /^Both dataset_name and dataset_digest must be provided/],
      ['runs/log-metric', { run_id, ...metric, key: '../up' }, /cannot be used/],
      ['runs/log-batch', { run_id, metrics: 'foo' }, /^Invalid value "foo" for parameter 'metrics' supplied/],
      [
        'runs/log-batch',
        { run_id, metrics: [{ key: 'mae', value: 2.5 }] },
        /^Missing value for required parameter 'metrics\[0\].timestamp'/,
      ],
      ['runs/log-batch', { run_id, metrics: line(1001) }, /at most 1000 metrics/],
      ['runs/log-batch', { run_id, metrics: line(950), tags: line(60).map(({ step }) => ({ key: `t${step}` })) }, /at most 1000 together/],
      ['runs/log-batch', { run_id, params: line(101).map(({ step }) => ({ key: `p${step}` })) }, /at most 100 params/],
      ['runs/log-batch', { run_id, params: [{ key: 'a' }, { key: 'a' }] }, /^Duplicate parameter keys have been submitted/],
    ];
    for (const [path, body, message] of wrong) {
      const answer = await post(path, body);
      assert.deepEqual([answer.status, answer.error_code], [400, 'INVALID_PARAMETER_VALUE'], answer.message);
      assert.match(answer.message!, message);
    }
    assert.equal((await post('runs/log-metric', { run_id: 'f'.repeat(32), ...metric })).error_code, 'RESOURCE_DOES_NOT_EXIST');
  });

  test('a history comes in pages where a number is named, and else whole', async () => {
    await log(line(60_000));
    const whole = await get('get-history', { run_id, metric_key: 'loss' });
    assert.deepEqual([whole.metrics, whole.next_page_token], [line(60_000), undefined]);
    const first = await get('get-history', { run_id, metric_key: 'loss', max_results: 50_000 });
    assert.deepEqual(first.metrics, line(25_000));
    const second = await get('get-history', { run_id, metric_key: 'loss', max_results: 4, page_token: first.next_page_token! });
    assert.deepEqual(second.metrics, line(4, 25_000));
    const rest = await get('get-history', { run_id, metric_key: 'loss', page_token: second.next_page_token! });
    assert.deepEqual(rest.metrics, line(34_996, 25_004));
    for (const query of [{ page_token: 'invalid_token' }, { max_results: 0 }])
      assert.equal((await get('get-history', { run_id, metric_key: 'loss', ...query })).error_code, 'INVALID_PARAMETER_VALUE');
    assert.equal((await get('get-history', { run_id, metric_key: 'other' })).body, '{}');
    assert.equal((await get('get-history', { run_id: 'f'.repeat(32), metric_key: 'loss' })).error_code, 'RESOURCE_DOES_NOT_EXIST');
  });

  test('the histories of several runs are one answer, run by run, as far as asked', async () => {
    const other = (await tracking.runs.start(ground.actor, {})).id;
    await log(line(3));
    await log(line(2), other);
    const [a, b] = [run_id, other].sort() as [string, string];
    const rows = [
      ...line(a === run_id ? 3 : 2).map((m) => ({ ...m, run_id: a })),
      ...line(b === run_id ? 3 : 2).map((m) => ({ ...m, run_id: b })),
    ];
    const bulk = { run_id: [other, run_id, 'gone'], metric_key: 'loss' };
    assert.deepEqual((await get('get-history-bulk', bulk)).metrics, rows);
    assert.deepEqual((await get('get-history-bulk', { ...bulk, max_results: 4 })).metrics, rows.slice(0, 4));
    const refused: [Record<string, string | string[]>, string][] = [
      [{ metric_key: 'loss' }, 'GetMetricHistoryBulk request must specify at least one run_id.'],
      [{ run_id: line(101).map(({ step }) => `r${step}`), metric_key: 'loss' }, 'GetMetricHistoryBulk request cannot specify more than'],
      [{ run_id: ['a'] }, 'GetMetricHistoryBulk request must specify a metric_key'],
    ];
    for (const [query, message] of refused) {
      const answer = await get('get-history-bulk', query);
      assert.deepEqual([answer.status, answer.message?.includes(message)], [400, true]);
    }
  });

  test('a sample has the same steps of each run, thinned evenly, with both ends', async () => {
    const other = (await tracking.runs.start(ground.actor, {})).id;
    await log(line(10, -5));
    await log(line(20), other);
    const steps = async (query: Record<string, string | number | string[]>) => {
      const { metrics } = await get('get-history-bulk-interval', { run_ids: [run_id, other], metric_key: 'loss', ...query });
      return [run_id, other].map((id) => metrics!.filter((metric) => metric['run_id'] === id).map(({ step }) => step));
    };
    for (const run_ids of [
      [run_id, other],
      [other, run_id],
    ]) {
      const { metrics } = await get('get-history-bulk-interval', { run_ids, metric_key: 'loss' });
      assert.deepEqual([...new Set(metrics!.map((metric) => metric['run_id']))], run_ids);
    }
    assert.deepEqual(await steps({ max_results: 5 }), [
      [-5, 0, 4],
      [0, 4, 5, 10, 15, 19],
    ]);
    assert.deepEqual(await steps({ start_step: 3, end_step: 6 }), [
      [3, 4],
      [3, 4, 5, 6],
    ]);
    assert.deepEqual(await get('get-history-bulk-interval', { run_ids: [run_id], metric_key: 'none' }), { status: 200, body: '{}' });
    const refused: [Record<string, string | number | string[]>, string][] = [
      [{ run_ids: line(101).map(({ step }) => `r${step}`) }, 'GetMetricHistoryBulkInterval request must specify at most 100 run_ids.'],
      [{ max_results: 0 }, 'max_results must be between 1 and 2500'],
      [{ start_step: 1, end_step: 0 }, 'end_step must be greater than start_step. '],
      [{ start_step: 1 }, 'If either start step or end step are specified, both must be specified.'],
      [{ metric_key: '' }, "Missing value for required parameter 'metric_key'"],
    ];
    for (const [query, message] of refused) {
      const answer = await get('get-history-bulk-interval', { run_ids: [run_id], metric_key: 'loss', ...query });
      assert.deepEqual([answer.status, answer.error_code, answer.message?.includes(message)], [400, 'INVALID_PARAMETER_VALUE', true]);
    }
  });
});
