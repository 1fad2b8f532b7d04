import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Fastify from 'fastify';
import { silentLog } from '../platform/index.ts';
import { callerOf } from './caller.ts';
import { onError } from './problem.ts';

const token = 'the-admin-token';
const app = Fastify();
before(async () => {
  app.setErrorHandler(onError(silentLog));
  app.get('/', async (request) => callerOf(request, token));
  await app.ready();
});
after(() => app.close());

const ask = async (headers: Record<string, string>, remoteAddress = '127.0.0.1') => {
  const answer = await app.inject({ url: '/', headers: { host: 'localhost:5050', ...headers }, remoteAddress });
  const { id, reason } = answer.json<{ id?: string; reason?: string }>();
  return id ?? reason;
};

test('without a token, whoever is on this machine is its owner', async () => {
  for (const address of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1']) assert.equal(await ask({}, address), 'owner');
  for (const host of ['localhost', '127.0.0.1:80', '[::1]:5050', 'LOCALHOST:1']) assert.equal(await ask({ host }), 'owner');
});

test('from elsewhere, and through a proxy, a token is wanted', async () => {
  for (const address of ['10.0.0.7', '::ffff:10.0.0.7', 'fe80::1', '127.0.0.1.evil.example', 'unknown']) {
    assert.equal(await ask({}, address), 'token_missing');
    assert.equal(await ask({ authorization: `Bearer ${token}` }, address), 'admin');
  }
  for (const header of ['x-forwarded-for', 'Forwarded', 'X-Real-IP', 'Via'])
    assert.equal(await ask({ [header]: '127.0.0.1' }), 'token_missing');
});

test('a token that is not known is refused, also on this machine', async () => {
  for (const authorization of ['Bearer wrong', `Bearer x${token}`, 'Bearer', 'Basic eDp5', token, ''])
    assert.equal(await ask({ authorization }), 'unknown_token', authorization);
  assert.equal(await ask({ authorization: `bearer ${token}`, host: 'boucle.example' }), 'admin');
});

test('pages of others and rebound names are refused', async () => {
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'localhost:80:80'])
    assert.equal(await ask({ host }), 'foreign_host');
  for (const origin of ['http://evil.example', 'null', 'https://localhost:5050', 'http://localhost:8080'])
    assert.equal(await ask({ origin }), 'foreign_origin');
  assert.equal(await ask({ origin: 'http://localhost:5050' }), 'owner');
});
