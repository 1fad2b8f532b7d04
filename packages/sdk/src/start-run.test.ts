import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createClient } from './client.ts';
import { type RunOptions, startRun, withRun } from './start-run.ts';

interface Logged {
  readonly metrics: readonly { key: string; value: number | string; step: number; time: number }[];
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}
type Answer = 'ok' | 'away' | 'lost' | 'refused';

/** A server that keeps what it takes; each request is answered as the script says. `lost` took it, and its answer did not come. */
const aServer = (script: (path: string, body: unknown) => Answer = () => 'ok') => {
  const logs: Logged[] = [];
  const creations = new Map<string, number>();
  let status = 'running';
  const problem = (code: string, at: number, reason?: string): Response =>
    new Response(JSON.stringify({ type: 'about:blank', title: '', status: at, detail: code, code, reason, details: {} }), {
      status: at,
      headers: { 'content-type': 'application/problem+json' },
    });
  const client = createClient({
    baseUrl: 'http://server',
    fetch: async (url, init) => {
      const path = new URL(url).pathname;
      const body: unknown = typeof init.body === 'string' && init.method !== 'PUT' ? JSON.parse(init.body) : undefined;
      const answer = script(path, body);
      if (answer === 'away') throw new TypeError('fetch failed');
      if (answer === 'refused') return problem('conflict', 409);
      if (path.endsWith('/log')) logs.push(body as Logged);
      if (path.endsWith('/runs')) {
        const key = new Headers(init.headers).get('idempotency-key')!;
        creations.set(key, (creations.get(key) ?? 0) + 1);
      }
      if (path.endsWith('/finish')) {
        if (status !== 'running') return problem('failed_precondition', 412, 'run_ended');
        ({ status } = body as { status: string });
      }
      if (answer === 'lost') throw new TypeError('fetch failed');
      return Response.json({ id: 'a'.repeat(32), status });
    },
  });
  return { client, logs, creations, status: () => status };
};
const points = (logs: readonly Logged[]) => logs.flatMap(({ metrics }) => metrics);
const slow: RunOptions = { flushMs: 60_000, patienceMs: 2000 };

test('what is logged comes in order, and together where it can', async () => {
  const server = aServer();
  const run = await startRun(server.client, slow);
  for (let step = 0; step < 2500; step++) run.metric('loss', 1 / (step + 1), { step });
  run.params({ lr: 0.1, kind: 'bert' });
  run.params({ deep: true });
  run.tags({ note: 'x' });
  await run.end();
  assert.deepEqual(
    points(server.logs).map(({ step }) => step),
    Array.from({ length: 2500 }, (_, i) => i),
  );
  assert.deepEqual(server.logs.map(({ metrics }) => metrics.length).slice(0, 3), [1000, 1000, 500]);
  assert.deepEqual(
    server.logs.slice(3).map(({ params, tags }) => ({ ...params, ...tags })),
    [{ lr: '0.1', kind: 'bert', deep: 'true' }, { note: 'x' }],
  );
  assert.equal(server.status(), 'finished');
});

test('nothing is lost or out of order, however often the server is away or its answer gets lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom<Answer>('ok', 'away', 'lost'), { maxLength: 4 }),
      fc.array(fc.nat(1200), { maxLength: 3 }),
      async (answers, bursts) => {
        const script = [...answers];
        const server = aServer(() => script.shift() ?? 'ok');
        const run = await startRun(server.client, slow);
        let step = 0;
        for (const burst of bursts) {
          for (let i = 0; i < burst; i++) run.metric('loss', i, { step: step++ });
          await run.flush();
        }
        await run.end('failed');
        // A point that came twice came with one time, and so is one point.
        const seen = new Map(points(server.logs).map((point) => [JSON.stringify(point), point.step]));
        assert.deepEqual(
          [...seen.values()],
          Array.from({ length: step }, (_, i) => i),
        );
        assert.equal(server.creations.size, 1);
        assert.equal(server.status(), 'failed');
      },
    ),
    { numRuns: 15 },
  );
});

test('what is refused is left behind and said, and what stands beside it goes on', async () => {
  const server = aServer((_, body) => ((body as Partial<Logged> | undefined)?.params?.['lr'] === '2' ? 'refused' : 'ok'));
  const run = await startRun(server.client, slow);
  run.params({ good: 1 });
  run.params({ lr: 2 });
  run.params({ better: 1 });
  run.metric('loss', 1);
  await assert.rejects(run.flush(), { code: 'conflict' });
  assert.deepEqual(Object.assign({}, ...server.logs.map(({ params }) => params)), { good: '1', better: '1' });
  assert.equal(points(server.logs).length, 1);
  await run.flush();
});

test('while the server is away things wait; beyond the bound they are lost, and that is said', async () => {
  let isAway = false;
  const server = aServer((path) => (isAway && path.endsWith('/log') ? 'away' : 'ok'));
  const run = await startRun(server.client, { flushMs: 60_000, patienceMs: 0, mostWaiting: 10 });
  isAway = true;
  for (let step = 0; step < 12; step++) run.metric('loss', step, { step });
  await assert.rejects(
    run.flush(),
    ({ errors }: AggregateError) => /fetch failed/.test(String(errors[0])) && /2 points were lost/.test(String(errors[1])),
  );
  isAway = false;
  await run.flush();
  assert.equal(points(server.logs).length, 10);
});

test('it is sent by itself after a while', async () => {
  const server = aServer();
  const run = await startRun(server.client, { flushMs: 5 });
  run.metrics({ loss: Number.NaN, best: Infinity }, { time: 7 });
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual(points(server.logs), [
    { key: 'loss', value: 'NaN', step: 0, time: 7 },
    { key: 'best', value: 'Infinity', step: 0, time: 7 },
  ]);
});

test('what cannot be meant is refused where it is said', async () => {
  const run = await startRun(aServer().client, slow);
  assert.throws(() => run.metric('a/../b', 1), { reason: 'bad_key' });
  assert.throws(() => run.metric('loss', 1, { step: 0.5 }), { reason: 'bad_step' });
  await run.end();
  assert.throws(() => run.metric('loss', 1), { reason: 'run_ended' });
});

test('a run around work ends as the work does', async () => {
  const good = aServer();
  assert.equal(await withRun(good.client, slow, async () => 7), 7);
  assert.equal(good.status(), 'finished');
  const bad = aServer();
  await assert.rejects(
    withRun(bad.client, slow, () => Promise.reject(new Error('no data'))),
    /no data/,
  );
  assert.equal(bad.status(), 'failed');
});
