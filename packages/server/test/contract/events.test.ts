import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BoucleEvent } from '@boucle/contract';
import type { Client } from '@boucle/sdk';
import { bothDatabases, startAnew } from './anew.ts';

const params = { project: 'default' };

/** Listens until told otherwise; how it came to know is the SDK's business. */
const listen = (t: TestContext, client: Client, lastEventId?: number) => {
  const heard: BoucleEvent[] = [];
  const gone = new AbortController();
  const ended = (async () => {
    const options = { signal: gone.signal, ...(lastEventId !== undefined && { lastEventId }) };
    for await (const event of client.events.stream({ params, query: {} }, options)) heard.push(event as BoucleEvent);
  })();
  const stop = async () => {
    gone.abort();
    await ended;
  };
  t.after(stop);
  return {
    heard,
    stop,
    until: async (count: number) => {
      for (const end = Date.now() + 20_000; heard.length < count; await sleep(10))
        assert.ok(Date.now() < end, `heard ${heard.length} of ${count} events`);
    },
  };
};
const startRuns = (client: Client, count: number) =>
  Promise.all(Array.from({ length: count }, () => client.runs.create({ params, body: {} })));
const idsOf = (events: readonly BoucleEvent[]) => events.filter(({ type }) => type === 'run.started').map(({ subject }) => subject.id);

for (const database of bothDatabases) {
  describe(`news, on ${database}`, () => {
    test('comes once and in order, to those who listened and to those who come back', async (t) => {
      const { client } = await startAnew(t, { database });
      const always = listen(t, client);
      const first = await startRuns(client, 20);
      await always.until(first.length + 1);
      const early = listen(t, client);
      await early.until(first.length + 1);
      await early.stop();
      const last = early.heard.at(-1)!.seq;
      const second = await startRuns(client, 20);
      const late = listen(t, client, last);
      await late.until(second.length);
      await always.until(first.length + second.length + 1);

      const started = [...first, ...second].map(({ id }) => id).sort();
      assert.deepEqual(idsOf(always.heard).sort(), started);
      assert.deepEqual([...idsOf(early.heard), ...idsOf(late.heard)].sort(), started);
      const numbers = always.heard.map(({ seq }) => seq);
      assert.deepEqual(
        numbers,
        [...new Set(numbers)].sort((a, b) => a - b),
      );
      assert.deepEqual([...early.heard, ...late.heard], always.heard);
    });

    test('is taken up again behind a restart, without gaps and without doubles', async (t) => {
      const server = await startAnew(t, { database });
      const { client } = server;
      const one = listen(t, client);
      const before = await startRuns(client, 10);
      await server.restart();
      const after = await startRuns(client, 10);
      const expected = [...before, ...after].map(({ id }) => id).sort();
      await one.until(expected.length + 1);
      await sleep(200);
      assert.deepEqual(idsOf(one.heard).sort(), expected);
      const numbers = one.heard.map(({ seq }) => seq);
      assert.deepEqual(
        numbers,
        [...new Set(numbers)].sort((a, b) => a - b),
      );
    });

    test('is of one project alone', async (t) => {
      const { client } = await startAnew(t, { database });
      const one = listen(t, client);
      await client.projects.create({ body: { name: 'elsewhere' } });
      await client.runs.create({ params: { project: 'elsewhere' }, body: {} });
      const [run] = await startRuns(client, 1);
      await one.until(2);
      await sleep(50);
      assert.deepEqual(
        one.heard.map(({ type, subject }) => [type, subject.project]),
        [
          ['project.created', 'default'],
          ['run.started', 'default'],
        ],
      );
      assert.deepEqual(idsOf(one.heard), [run!.id]);
    });
  });
}
