import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { databases } from '../../../src/testing/databases.ts';
import { entryOf, routes } from '../per-route.ts';
import { properCalls } from '../proper-calls.ts';
import { type Given, type Got, type Sent, send } from '../send.ts';
import { openStage, type Stage } from '../stage.ts';
import { attemptsAt, sentFor } from './attempts.ts';
import { inferenceRequests, requestsAsBytes } from './inference.ts';
import { judge, judgeRefusal, shown } from './judge.ts';
import { recordsOf } from './records.ts';
import { patience, seed } from './seed.ts';

console.log(`BOUCLE_TEST_SEED=${seed}`);
/** As often as this, or as long as there is time. */
const assertFor = <T>(times: number, arbitrary: fc.Arbitrary<T>, check: (value: T) => Promise<void>): Promise<void> => {
  const end = performance.now() + 120 * patience;
  const property = fc.asyncProperty(arbitrary, async (value) => (performance.now() < end ? check(value) : undefined));
  return fc.assert(property, { seed, numRuns: times * patience });
};
/** What these start takes long. */
const costly: Readonly<Record<string, number>> = {
  'pipelines.run': 10,
  'runs.reproduce': 4,
  'endpoints.deploy': 10,
  'pipelineRuns.cancel': 5,
};

for (const database of Object.keys(databases) as (keyof typeof databases)[]) {
  describe(`whatever is sent, on ${database}`, () => {
    let stage: Stage;
    let recorded: Awaited<ReturnType<typeof recordsOf>>;
    let requests = 0;
    before(async () => {
      stage = await openStage(database);
      recorded = await recordsOf(stage);
    });
    after(async () => {
      console.log(`${requests} requests on ${database}`);
      await stage.close();
    });

    const ask = async (sent: Sent): Promise<Got> => {
      requests += 1;
      try {
        return await send(stage.address, sent);
      } catch (error) {
        throw new Error(`No answer (${(error as Error).message}) to ${shown(sent)}`, { cause: error });
      }
    };

    for (const [name, route] of routes) {
      test(name, async () => {
        const proper = entryOf<() => Given | Promise<Given>>(properCalls(stage), name);
        await assertFor(costly[name] ?? 60, attemptsAt(route), async (attempt) => {
          const plain = sentFor(route, await proper(), attempt);
          const sent = attempt.twist.twist(plain);
          const got = await ask(sent);
          judge(sent, got);
          if (sent.method === plain.method && sent.path === plain.path) judgeRefusal(route, sent, got);
        });
      });
    }

    test('the protocols of inference', () => assertFor(600, inferenceRequests, async (sent) => judge(sent, await ask(sent))));

    test('bytes that are hardly HTTP', async () => {
      const { hostname, port } = new URL(stage.address);
      await assertFor(200, requestsAsBytes, async (bytes) => {
        requests += 1;
        const socket = connect({ host: hostname, port: Number(port), timeout: 5000 });
        socket.on('timeout', () => socket.destroy(new Error(`No answer to ${JSON.stringify(Buffer.from(bytes).toString('latin1'))}`)));
        socket.end(bytes);
        assert.doesNotMatch(await text(socket), /^HTTP\/1\.1 5/);
      });
    });

    test('leaves the server well, and its records as they were', async () => {
      assert.equal((await ask({ method: 'GET', path: '/healthz', headers: {} })).status, 200);
      assert.deepEqual(await recordsOf(stage), recorded);
      const errors = stage.log.filter((line) => line.includes('"level":"error"') && !line.includes('a deployment failed'));
      assert.deepEqual(errors, []);
    });
  });
}
