import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { bothDatabases, startAnew } from '../contract/anew.ts';

for (const database of bothDatabases) {
  test(`what MLflow's clients do to models is told to a webhook, also over a restart, on ${database}`, async (t) => {
    const got: { headers: IncomingHttpHeaders; body: string }[] = [];
    let status = 200;
    const receiver = createServer(async (request, response) => {
      got.push({ headers: request.headers, body: await text(request) });
      response.writeHead(status).end();
    });
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    t.after(() => receiver.close());
    const host = `127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    const server = await startAnew(t, { database, allowCalls: host });
    const call = async (method: string, path: string, body: object): Promise<void> => {
      const response = await fetch(`${server.address}/api/2.0/mlflow/${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      assert.equal(response.status, 200, await response.text());
    };
    const arrived = async (count: number): Promise<void> => {
      for (const until = Date.now() + 20_000; got.length < count && Date.now() < until;) await sleep(20);
      assert.equal(got.length, count);
    };
    const events = [
      ['REGISTERED_MODEL', 'CREATED'],
      ['MODEL_VERSION', 'CREATED'],
      ['MODEL_VERSION_TAG', 'SET'],
      ['MODEL_VERSION_TAG', 'DELETED'],
      ['MODEL_VERSION_ALIAS', 'CREATED'],
      ['MODEL_VERSION_ALIAS', 'DELETED'],
      ['PROMPT', 'CREATED'],
    ].map(([entity, action]) => ({ entity, action }));
    await call('POST', 'webhooks', { name: 'desk', url: `http://${host}/hook`, events, secret: 'shared secret' });
    const version = { name: 'm', version: '1' };
    await call('POST', 'registered-models/create', { name: 'm', description: 'moods', tags: [{ key: 'team', value: 'x' }] });
    await call('POST', 'model-versions/create', { name: 'm', source: 's3://bucket/model' });
    await call('POST', 'model-versions/set-tag', { ...version, key: 'k', value: 'v' });
    await call('DELETE', 'model-versions/delete-tag', { ...version, key: 'k' });
    await call('POST', 'registered-models/alias', { ...version, alias: 'champion' });
    await call('DELETE', 'registered-models/alias', { name: 'm', alias: 'champion' });
    await arrived(6);
    const said = got.map(({ body }) => JSON.parse(body) as { entity: string; action: string; data: Record<string, unknown> });
    assert.deepEqual(
      said.map(({ entity, action, data }) => [entity, action, data]),
      [
        ['registered_model', 'created', { name: 'm', tags: { team: 'x' }, description: 'moods' }],
        ['model_version', 'created', { ...version, source: 's3://bucket/model', run_id: null, tags: {}, description: '' }],
        ['model_version_tag', 'set', { ...version, key: 'k', value: 'v' }],
        ['model_version_tag', 'deleted', { ...version, key: 'k' }],
        ['model_version_alias', 'created', { ...version, alias: 'champion' }],
        ['model_version_alias', 'deleted', { name: 'm', alias: 'champion' }],
      ],
    );
    for (const { headers, body } of got) {
      const signed = `${String(headers['x-mlflow-delivery-id'])}.${String(headers['x-mlflow-timestamp'])}.${body}`;
      assert.equal(headers['x-mlflow-signature'], `v1,${createHmac('sha256', 'shared secret').update(signed).digest('base64')}`);
    }
    status = 503;
    await call('POST', 'registered-models/create', { name: 'p', tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] });
    await arrived(7);
    status = 200;
    await server.restart();
    await arrived(8);
    assert.equal((JSON.parse(got[7]!.body) as { entity: string }).entity, 'prompt');
    assert.equal(got[7]!.headers['x-mlflow-delivery-id'], got[6]!.headers['x-mlflow-delivery-id']);
  });
}
