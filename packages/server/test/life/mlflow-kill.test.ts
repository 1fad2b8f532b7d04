import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '@boucle/project/runner';
import { type WireWrite, wireWrites } from './mlflow-writes.ts';
import { type RunningServer, startServer, tempFolder } from './start-server.ts';

const seed = process.env['LIFE_SEED'] ?? String(randomInt(1e9));
const rounds = Number(process.env['LIFE_ROUNDS'] ?? 5);

test(`what MLflow's clients were told is kept through ${rounds} kills`, async (t) => {
  t.diagnostic(`LIFE_SEED=${seed}`);
  const random = createRandom(seed);
  const data = path.join(await tempFolder(t), 'data');
  let server = await startServer(t, data);
  const writers = ['a', 'b', 'c', 'd'].map((who) => wireWrites(random, who));
  const acknowledged: WireWrite[] = [];
  let cut = 0;
  for (let round = 0; round < rounds; round += 1) {
    const { writes, unfinished } = await underLoad(server, writers, 200 + random() * 600);
    cut += unfinished.length;
    server = await startServer(t, data);
    for (const write of unfinished) await write.isWhole(server.address);
    await allHeld(server, writes);
    acknowledged.push(...writes);
  }
  await allHeld(server, acknowledged);
  assert.doesNotMatch(server.said(), /"level":"error"/);
  await server.stop();
  const counts = Object.entries(Object.groupBy(acknowledged, ({ kind }) => kind)).map(([kind, some]) => `${some!.length} × ${kind}`);
  t.diagnostic(`${acknowledged.length} acknowledged: ${counts.join(', ')}; ${cut} cut off`);
  assert.ok(acknowledged.length > rounds, 'hardly anything was written');
});

test('whatever is sent once more changes nothing, but for creates, which make another', async (t) => {
  const random = createRandom(seed);
  const server = await startServer(t, path.join(await tempFolder(t), 'data'));
  const next = wireWrites(random, 'again');
  const sent: WireWrite[] = [];
  for (let i = 0; i < 60; i += 1) {
    const write = next();
    await write.send(server.address);
    if (write.kind !== 'run' && write.kind !== 'model version') sent.push(write);
    // A client that heard no answer goes back to where it was sure, and comes again from there.
    if (random() < 0.2) for (const again of sent.slice(0, Math.ceil(random() * sent.length))) await again.send(server.address);
  }
  await allHeld(server, sent);
  await server.stop();
});

const allHeld = async ({ address }: RunningServer, writes: readonly WireWrite[]): Promise<void> => {
  const waiting = writes[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) await next.value.isHeld(address);
  };
  await Promise.all([work(), work(), work(), work()]);
};

/** Everybody writes, one thing after the other, until the server is killed. */
const underLoad = async (server: RunningServer, writers: readonly (() => WireWrite)[], killAfterMs: number) => {
  const writes: WireWrite[] = [];
  const unfinished: WireWrite[] = [];
  let isKilled = false;
  const writing = Promise.all(
    writers.map(async (next) => {
      while (!isKilled) {
        const one = next();
        try {
          await one.send(server.address);
          writes.push(one);
        } catch (error) {
          if (!isKilled) throw error;
          unfinished.push(one);
        }
      }
    }),
  );
  await Promise.race([sleep(killAfterMs), writing]);
  isKilled = true;
  await server.kill();
  await writing;
  return { writes, unfinished };
};
