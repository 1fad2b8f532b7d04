import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fastify, type FastifyInstance } from 'fastify';
import { databases } from '../../../testing/databases.ts';
import { type Ground, layGround } from '../../../testing/ground.ts';
import { openGate } from '../../../testing/open-gate.ts';
import { silentLog } from '../../../platform/index.ts';
import { createTracking } from '../../../tracking/index.ts';
import { bindRoutes } from '../bind-mlflow.ts';
import { olderTraceRoutes } from './older-traces.ts';

describe("MLflow's older routes of traces", () => {
  let ground: Ground;
  let app: FastifyInstance;
  let experiment_id: string;
  before(async () => {
    ground = await layGround(databases.sqlite);
    const tracking = createTracking({ ...ground, maxUploadBytes: 1_000_000 });
    experiment_id = (await tracking.experiments.create(ground.actor, { name: 'chat' })).id;
    app = fastify();
    const { project, ...caller } = ground.actor;
    const door = { callerOf: async () => caller, resolveProject: async () => project, gate: openGate, log: silentLog, bodyLimit: 100_000 };
    await app.register(async (own) => bindRoutes(own, olderTraceRoutes(tracking), door as never));
  });
  after(async () => {
    await app.close();
    await ground.stop();
  });
  const call = async (method: 'GET' | 'POST' | 'PATCH', path: string, body?: object) => {
    const answer = await app.inject({
      method,
      url: `/api/2.0/mlflow/${path}`,
      ...(body && { payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: answer.statusCode, info: answer.json<{ trace_info?: Info }>().trace_info };
  };

  test('a trace is begun, looked at and ended', async () => {
    const { info: begun } = await call('POST', 'traces', {
      experiment_id,
      timestamp_ms: 1000,
      request_metadata: pairs({ a: '1', b: '2' }),
      tags: pairs({ c: '3' }),
    });
    const { request_id, tags, ...said } = begun!;
    assert.deepEqual(said, { experiment_id, timestamp_ms: 1000, status: 'IN_PROGRESS', request_metadata: pairs({ a: '1', b: '2' }) });
    assert.deepEqual(tags[0], { key: 'c', value: '3' });
    assert.deepEqual((await call('GET', `traces/${request_id}/info`)).info, begun);

    const end = { timestamp_ms: 3000, status: 'OK', request_metadata: pairs({ b: '4' }), tags: pairs({ d: '5' }) };
    const { info: ended } = await call('PATCH', `traces/${request_id}`, end);
    assert.deepEqual([ended?.timestamp_ms, ended?.execution_time_ms, ended?.status], [1000, 2000, 'OK']);
    assert.deepEqual(ended?.request_metadata, pairs({ a: '1', b: '4' }));
    assert.deepEqual((await call('GET', `traces/${request_id}/info`)).info, ended);
    // Clocks differ: nothing ends before it began.
    assert.equal((await call('PATCH', `traces/${request_id}`, { ...end, timestamp_ms: 1 })).info?.execution_time_ms, 0);
  });

  test('what is not there or not whole is refused', async () => {
    assert.equal((await call('POST', 'traces', { experiment_id: '999', timestamp_ms: 1 })).status, 404);
    assert.equal((await call('POST', 'traces', { experiment_id })).status, 400);
    assert.equal((await call('PATCH', 'traces/tr-none', { timestamp_ms: 1, status: 'OK' })).status, 404);
    assert.equal((await call('GET', 'traces/tr-none/info')).status, 404);
  });
});

interface Info {
  readonly request_id: string;
  readonly timestamp_ms: number;
  readonly execution_time_ms?: number;
  readonly status: string;
  readonly request_metadata: readonly object[];
  readonly tags: readonly object[];
}
const pairs = (texts: Record<string, string>) => Object.entries(texts).map(([key, value]) => ({ key, value }));
