import assert from 'node:assert/strict';
import { test } from 'node:test';
import { otlpBytes } from '../../src/testing/otlp-writer.ts';
import { bothDatabases, startAnew } from '../contract/anew.ts';

type Answer = { status: number; text: string };
const passwordOf = (name: string): string => `the password of ${name}`;
const basic = (name: string): string => `Basic ${Buffer.from(`${name}:${passwordOf(name)}`).toString('base64')}`;
const admin = 'Bearer the token of the admin';

for (const database of bothDatabases) {
  test(`traces are their experiment's, on ${database}`, async (t) => {
    const { address } = await startAnew(t, { adminToken: 'the token of the admin', database });
    const send = async (authorization: string, request: string, given?: object): Promise<Answer> => {
      const [method = '', path = ''] = request.split(' ');
      const headers = { authorization, 'content-type': 'application/json' };
      const response = await fetch(`${address}${path}`, { method, headers, ...(given && { body: JSON.stringify(given) }) });
      return { status: response.status, text: await response.text() };
    };
    const users = '/api/2.0/mlflow/users/create';
    for (const username of ['bob', 'eve'])
      assert.equal((await send(admin, `POST ${users}`, { username, password: passwordOf(username) })).status, 200);
    const [bob, eve] = [basic('bob'), basic('eve')];
    const made = await send(bob, 'POST /api/2.0/mlflow/experiments/create', { name: 'bobs' });
    const { experiment_id } = JSON.parse(made.text) as { experiment_id: string };

    const id = 'ab'.repeat(16);
    const spans = otlpBytes([
      {
        traceId: id,
        spanId: 'cd'.repeat(8),
        parentId: null,
        name: 'secret',
        kind: 1,
        startNs: 1n,
        endNs: 2n,
        status: 'ok',
        statusMessage: '',
        traceState: '',
        attributes: {},
        events: [],
        links: [],
      },
    ]);
    const sendSpans = async (authorization: string): Promise<number> => {
      const headers = { authorization, 'content-type': 'application/x-protobuf', 'x-mlflow-experiment-id': experiment_id };
      return (await fetch(`${address}/v1/traces`, { method: 'POST', headers, body: new Uint8Array(spans) })).status;
    };
    assert.equal(await sendSpans('Basic d3Jvbmc6d3Jvbmc='), 401);
    assert.equal(await sendSpans(eve), 403);
    assert.equal(await sendSpans(bob), 200);

    const told = {
      trace_id: `tr-${id}`,
      trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id } },
      request_time: '2026-01-01T00:00:00Z',
    };
    const v3 = '/api/3.0/mlflow/traces';
    const reads: [string, object?][] = [
      [`GET ${v3}/tr-${id}`],
      [`GET ${v3}/get?trace_id=tr-${id}`],
      [`GET ${v3}/batchGet?trace_ids=tr-${id}`],
      [`POST ${v3}/batchGetInfos`, { trace_ids: [`tr-${id}`] }],
      [`GET /ajax-api/3.0/mlflow/get-trace-artifact?request_id=tr-${id}`],
    ];
    const writes: [string, object?][] = [
      [`POST ${v3}`, { trace: { trace_info: told } }],
      [`PATCH ${v3}/tr-${id}/tags`, { key: 'a', value: 'b' }],
      [`PATCH /api/2.0/mlflow/traces/tr-${id}/tags`, { key: 'a', value: 'b' }],
      [
        `POST ${v3}/tr-${id}/assessments`,
        { assessment: { assessment_name: 'a', source: { source_type: 'HUMAN', source_id: 'x' }, feedback: { value: 1 } } },
      ],
      [`PUT /api/2.0/mlflow-artifacts/artifacts/${experiment_id}/traces/tr-${id}/artifacts/a.txt`, {}],
      [`POST /api/2.0/mlflow/traces/delete-traces`, { experiment_id, request_ids: [`tr-${id}`] }],
    ];
    const search: [string, object] = [`POST ${v3}/search`, { locations: [told.trace_location] }];
    for (const [request, given] of reads) assert.equal((await send(eve, request, given)).status, 200, request);
    for (const [request, given] of writes) assert.equal((await send(eve, request, given)).status, 403, request);
    assert.match((await send(eve, ...search)).text, /secret/);

    // Hidden, it is nowhere.
    const hidden = { experiment_id, username: 'eve', permission: 'NO_PERMISSIONS' };
    assert.equal((await send(bob, 'POST /api/2.0/mlflow/experiments/permissions/create', hidden)).status, 200);
    for (const [request, given] of [...reads, ...writes]) assert.equal((await send(eve, request, given)).status, 403, request);
    assert.equal((await send(eve, ...search)).text, '{}');
    for (const [request, given] of writes) assert.equal((await send(bob, request, given)).status, 200, request);
  });
}
