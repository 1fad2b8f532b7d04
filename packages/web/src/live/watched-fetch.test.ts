import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import type { BoucleEvent } from '@boucle/contract';
import { createClient } from '@boucle/sdk';
import { type Connection, watchedFetch } from './watched-fetch.ts';

type Answer = (response: ServerResponse, after: number) => void;

/** A server whose n-th event stream is answered by the n-th function, and a client that watches its line. */
const streamed = async (t: TestContext, answers: Answer[], silenceMs = 5000) => {
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    answers.shift()?.(response, Number(request.headers['last-event-id']));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = new AbortController();
  t.after(() => {
    stop.abort();
    server.closeAllConnections();
    server.close();
  });
  const connections: Connection[] = [];
  const fetcher = watchedFetch({
    fetch: (url, init) => fetch(url, init),
    onConnection: (connection) => connections.push(connection),
    silenceMs,
  });
  const client = createClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, fetch: fetcher });
  const events = client.events.stream({ params: { project: 'airline' }, query: {} }, { signal: stop.signal, lastEventId: 7 });
  return { connections, events, stop };
};
const say = (response: ServerResponse, seq: number) => response.write(`id: ${seq}\ndata: ${JSON.stringify({ seq })}\n\n`);
const next = async (events: AsyncGenerator<BoucleEvent>) => (await events.next()).value?.seq;

test('a stream that breaks is reported as lost, and as live once it goes on after the last event', async (t) => {
  const resumed: number[] = [];
  const { connections, events } = await streamed(t, [
    (response) => {
      say(response, 8);
      setImmediate(() => response.destroy());
    },
    (response, after) => {
      resumed.push(after);
      say(response, 9);
    },
  ]);
  assert.deepEqual([await next(events), await next(events)], [8, 9]);
  assert.deepEqual(resumed, [8]);
  assert.deepEqual(connections, ['live', 'lost', 'live']);
});

test('a line that has gone silent is dropped and opened again', async (t) => {
  const { connections, events } = await streamed(t, [() => {}, (response) => say(response, 8)], 30);
  assert.equal(await next(events), 8);
  assert.deepEqual(connections.slice(0, 3), ['live', 'lost', 'live']);
});

test('leaving the page is no loss', async (t) => {
  const { connections, events, stop } = await streamed(t, [(response) => say(response, 8)]);
  assert.equal(await next(events), 8);
  stop.abort();
  assert.equal((await events.next()).done, true);
  assert.deepEqual(connections, ['live']);
});
