import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { createClient } from '@boucle/sdk';
import { loadConfig, startServer } from '../../src/index.ts';
import { startAnew } from './anew.ts';
import { problemOf, send } from './send.ts';

const adminToken = 'a-token-for-the-admin';
const look = { method: 'GET', path: '/api/v1/projects' };

test('a server that others can reach is refused without an admin token', async () => {
  for (const host of ['0.0.0.0', '::', '192.168.0.1', 'example.org']) {
    const config = await loadConfig({ env: {}, flags: { host, port: 0, data: '/nowhere' } });
    await assert.rejects(startServer(config), { code: 'failed_precondition', reason: 'admin_token_missing' });
  }
});

test('whoever comes over the network needs the token; whoever is here does not', async (t) => {
  const server = await startAnew(t, { host: '0.0.0.0', adminToken });
  const { port } = new URL(server.address);
  const here = `http://127.0.0.1:${port}`;
  assert.equal((await send(here, { ...look, headers: {} })).status, 200);
  const outside = Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).filter(({ family, internal }) => family === 'IPv4' && !internal),
  );
  for (const { address } of outside) {
    const there = `http://${address}:${port}`;
    for (const headers of [{}, { host: 'localhost' }, { 'x-forwarded-for': '127.0.0.1' }]) {
      const { code, reason } = problemOf(await send(there, { ...look, headers }));
      assert.deepEqual([code, reason], ['unauthenticated', 'token_missing']);
    }
    assert.ok(await createClient({ baseUrl: there, token: adminToken }).projects.list({ query: {} }));
    await assert.rejects(createClient({ baseUrl: there, token: 'another' }).projects.list({ query: {} }), {
      code: 'unauthenticated',
      reason: 'unknown_token',
    });
  }
  assert.deepEqual(
    server.log.filter((line) => line.includes(adminToken)),
    [],
  );
});

test('web pages of others get nothing, whichever door they try', async (t) => {
  const { address } = await startAnew(t);
  const infer = { method: 'POST', path: '/v2/models/x/infer', body: '{}' };
  const score = { method: 'POST', path: '/invocations', body: '{}' };
  for (const sent of [look, infer, score]) {
    for (const headers of [{ host: 'rebound.example' }, { origin: 'https://evil.example' }, { origin: 'null' }])
      assert.equal(
        (await send(address, { ...sent, headers: { 'content-type': 'application/json', ...headers } })).status,
        403,
        JSON.stringify(headers),
      );
    const forwarded = await send(address, { ...sent, headers: { forwarded: 'for=10.0.0.1' } });
    assert.equal(forwarded.status, 401);
  }
  const own = await send(address, { ...look, headers: { origin: address } });
  assert.deepEqual([own.status, own.headers['access-control-allow-origin']], [200, undefined]);
});

test('a body is not read for somebody who may not send it', async (t) => {
  const { address } = await startAnew(t, { adminToken });
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  const head = [
    'POST /api/v1/projects HTTP/1.1',
    'host: localhost',
    'authorization: Bearer wrong',
    'content-type: application/json',
    'content-length: 1000000',
  ];
  socket.write(`${head.join('\r\n')}\r\nconnection: close\r\n\r\n{"name":`);
  assert.match(await text(socket), /^HTTP\/1\.1 401 /);
});
