import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client } from '@boucle/sdk';
import { createRandom } from '@boucle/project/runner';
import { databases } from '../../src/testing/databases.ts';
import { project, writeProject } from '../../src/testing/small-project.ts';
import { atEnd, boucle, ownEnv, runBoucle, type RunningServer, startServer, tempFolder } from './start-server.ts';
import { trainTexts } from './train-texts.ts';
import { blobWrites, feedbackWrites, predictionWrites, type Random, runWrites, uploadWrites, type Write } from './writes.ts';

const seed = process.env['LIFE_SEED'] ?? String(randomInt(1e9));
const params = { project };

for (const [kind, startDatabase] of Object.entries(databases)) {
  test(`a backup under load has all that was acknowledged before it began, also after others were killed half-way, on ${kind}`, async (t) => {
    t.diagnostic(`LIFE_SEED=${seed}`);
    const random = createRandom(seed);
    const [data, folder, kept] = await Promise.all(['data', 'project', 'kept'].map(async (name) => path.join(await tempFolder(t), name)));
    const flags = await flagsFor(t, kind === 'postgres' ? startDatabase : undefined);
    const server = await startServer(t, data!, flags);
    await writeProject(folder!);
    await deployTexts(server, folder!);

    const load = await startLoad(server, random);
    const where = ['--data', data!, ...flags];
    const backups: { id: string; writes: readonly Write[] }[] = [];
    for (let round = 0; round < 3; round += 1) {
      await load.untilMore(25);
      const writes = [...load.acknowledged];
      const { status, stdout, stderr } = await runBoucle(['backup', kept!, '--json', ...where]);
      assert.equal(status, 0, stderr);
      backups.push({ id: (JSON.parse(stdout) as { id: string }).id, writes });
      await killHalfWay(['backup', kept!, ...where], kept!);
    }
    await load.stop();
    await server.kill();

    const checked = await runBoucle(['restore', kept!, '--check']);
    assert.equal(checked.status, 0, checked.stderr);
    for (const { id, writes } of [backups[0]!, backups.at(-1)!]) {
      const again = path.join(await tempFolder(t), 'data');
      const target = await flagsFor(t, kind === 'postgres' ? startDatabase : undefined);
      const { status, stderr } = await runBoucle(['restore', kept!, '--backup', id, '--data', again, ...target]);
      assert.equal(status, 0, stderr);
      const { client, stop } = await startServer(t, again, target);
      for (const write of writes) await write.isHeld(client);
      await stop();
      t.diagnostic(`${id}: ${writes.length} acknowledged, all held`);
    }
  });
}

test('a stopped server, and one that was killed, are backed up as they lie', async (t) => {
  const data = path.join(await tempFolder(t), 'data');
  const kept = path.join(await tempFolder(t), 'kept');
  const held: Write[] = [];
  const write = async ({ client, address }: RunningServer): Promise<void> => {
    const one = next();
    await one.send(client, address);
    held.push(one);
  };
  const next = runWrites(createRandom(seed));
  for (const end of ['stop', 'kill'] as const) {
    const server = await startServer(t, data);
    if (held.length === 0) await server.client.projects.create({ body: { name: project } });
    for (let i = 0; i < 5; i += 1) await write(server);
    await server[end]();
    const { status, stderr } = await runBoucle(['backup', kept, '--data', data]);
    assert.equal(status, 0, stderr);
  }
  const again = path.join(await tempFolder(t), 'data');
  assert.equal((await runBoucle(['restore', kept, '--data', again])).status, 0);
  const { client, stop } = await startServer(t, again);
  for (const one of held) await one.isHeld(client);
  await stop();
});

const flagsFor = async (t: Parameters<typeof tempFolder>[0], start: (typeof databases)['postgres'] | undefined): Promise<string[]> => {
  if (!start) return [];
  const database = await start();
  atEnd(t, database.stop);
  return ['--database', database.url];
};

const deployTexts = async ({ client }: { client: Client }, folder: string): Promise<void> => {
  await trainTexts(client, folder);
  for (const log of ['written', 'synced'] as const)
    await client.endpoints.deploy({ params: { project, endpoint: log }, body: { model: 'texts@champion', log } });
};

/** Everybody writes, one thing after the other, and somebody collects garbage, until it is stopped. */
const startLoad = async (server: RunningServer, random: Random) => {
  const { client, address } = server;
  const answered: string[] = [];
  const { id: runId } = await client.runs.create({ params, body: { name: 'uploads', experiment: 'uploads' } });
  const writers = [
    predictionWrites(random, 'written', answered),
    predictionWrites(random, 'synced', answered),
    runWrites(random),
    blobWrites(random),
    uploadWrites(random, runId),
    feedbackWrites(random, answered),
  ];
  const acknowledged: Write[] = [];
  let isOver = false;
  const send = async (next: () => Write): Promise<void> => {
    const write = next();
    await write.send(client, address);
    acknowledged.push(write);
  };
  // Feedback speaks of predictions that were answered.
  for (const next of writers) await send(next);
  const writing = async (next: () => Write): Promise<void> => {
    while (!isOver) {
      await send(next);
      // All of it is looked for in the end.
      await sleep(50);
    }
  };
  const collecting = async (): Promise<void> => {
    while (!isOver) {
      await client.system.collectGarbage({ body: { graceSeconds: 3600 } }).catch((error: { reason?: string }) => {
        if (error.reason !== 'maintenance_under_way') throw error;
      });
      await sleep(50);
    }
  };
  const working = Promise.all([...writers.map(writing), collecting()]);
  working.catch(() => {}); // Told where it is awaited.
  return {
    acknowledged,
    untilMore: async (count: number): Promise<void> => {
      const enough = acknowledged.length + count;
      while (acknowledged.length < enough) await Promise.race([sleep(10), working]);
    },
    stop: async (): Promise<void> => {
      isOver = true;
      await working;
    },
  };
};

/** Once it has begun to write; where it was quicker than that, it has made a backup. */
const killHalfWay = async (args: readonly string[], kept: string): Promise<void> => {
  const child = spawn(process.execPath, [boucle, ...args], { stdio: 'ignore', env: ownEnv });
  const ended = once(child, 'close');
  while (child.exitCode === null && !existsSync(path.join(kept, 'making'))) await sleep(1);
  child.kill('SIGKILL');
  await ended;
  assert.ok((await readdir(path.join(kept, 'backups'))).length > 0);
};
