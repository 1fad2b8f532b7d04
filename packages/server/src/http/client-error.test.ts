import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import type { Problem } from '@boucle/contract';
import Fastify from 'fastify';
import { onClientError } from './client-error.ts';

const app = Fastify({ clientErrorHandler: onClientError });
before(() => app.listen({ host: '127.0.0.1', port: 0 }));
after(() => app.close());

const answerTo = async (bytes: string): Promise<[headers: string, problem: Problem]> => {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(bytes);
  const [headers, body] = (await text(socket)).split('\r\n\r\n');
  return [headers!, JSON.parse(body!) as Problem];
};

test('what is no HTTP is answered with a problem', async () => {
  const [headers, problem] = await answerTo('HELLO\r\n\r\n');
  assert.match(headers, /^HTTP\/1\.1 400 Bad Request\r\ncontent-type: application\/problem\+json\r\n/);
  assert.ok(headers.includes(`x-request-id: ${problem.requestId}`));
  assert.deepEqual([problem.code, problem.reason], ['invalid_request', 'unreadable_request']);
});

test('headers beyond the limit are too large', async () => {
  const [, problem] = await answerTo(`GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`);
  assert.deepEqual([problem.status, problem.reason], [413, 'headers_too_large']);
});
