import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastify from 'fastify';
import { silentLog } from '../../platform/index.ts';
import { refuseUnknownRoutes } from './unknown-route.ts';

test("an unknown address below MLflow's prefixes is refused with the code that its clients go by", async () => {
  const app = fastify();
  app.setNotFoundHandler((_, reply) => reply.code(404).send('elsewhere'));
  await app.register(async (own) => refuseUnknownRoutes(own, { log: silentLog }));
  for (const url of [
    '/api/2.0/mlflow/none',
    '/api/3.0/mlflow/traces/x/none?a=b',
    '/ajax-api/2.0/mlflow/none',
    '/ajax-api/9.0/none',
    '/api/2.0/none',
  ])
    for (const method of ['GET', 'POST', 'PATCH'] as const) {
      const sent = method === 'GET' ? {} : { headers: { 'content-type': 'application/x-protobuf' }, payload: 'bytes' };
      const { statusCode, body, headers } = await app.inject({ method, url, ...sent });
      const { error_code: code } = JSON.parse(body) as { error_code: string };
      assert.deepEqual(
        [statusCode, code, headers['content-type']?.split(';')[0]],
        [404, 'ENDPOINT_NOT_FOUND', 'application/json'],
        `${method} ${url}`,
      );
    }
  assert.equal((await app.inject('/elsewhere')).body, 'elsewhere');
  await app.close();
});
