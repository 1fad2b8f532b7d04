import assert from 'node:assert/strict';
import { createHash, randomInt } from 'node:crypto';
import { readdir, rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { createRandom } from '@boucle/project/runner';
import { databases } from '../../src/testing/databases.ts';
import { project, runPipeline, writeProject } from '../../src/testing/small-project.ts';
import { atEnd, startServer, tempFolder } from './start-server.ts';
import { trainTexts } from './train-texts.ts';
import { predictionWrites, runWrites, uploadWrites, type Write } from './writes.ts';

const params = { project };
const seed = process.env['LIFE_SEED'] ?? String(randomInt(1e9));

for (const [kind, startDatabase] of Object.entries(databases)) {
  test(`collecting old garbage takes what was removed, and nothing of a whole life, on ${kind}`, async (t) => {
    t.diagnostic(`LIFE_SEED=${seed}`);
    const [data, folder] = await Promise.all(['data', 'project'].map(async (name) => path.join(await tempFolder(t), name)));
    const flags: string[] = [];
    if (kind === 'postgres') {
      const database = await startDatabase();
      atEnd(t, database.stop);
      flags.push('--database', database.url);
    }
    let server = await startServer(t, data!, flags);
    await writeProject(folder!);
    await trainTexts(server.client, folder!);
    await server.client.endpoints.deploy({ params: { project, endpoint: 'written' }, body: { model: 'texts@champion' } });

    const random = createRandom(seed);
    const { id: runId } = await server.client.runs.create({ params, body: { name: 'uploads' } });
    const held: Write[] = [];
    for (const next of [runWrites(random), uploadWrites(random, runId), predictionWrites(random, 'written', [])]) {
      for (let i = 0; i < 6; i += 1) {
        const write = next();
        await write.send(server.client, server.address);
        held.push(write);
      }
    }
    const bytes = Buffer.from('nobody names this');
    const digest = `blob:${createHash('sha256').update(bytes).digest('hex')}`;
    await server.client.blobs.put({ params: { project, digest }, data: bytes });

    await ageBlobs(path.join(data!, 'blobs'));
    const collect = () => server.client.system.collectGarbage({ body: { graceSeconds: 3600 } });
    assert.deepEqual(
      (await collect()).largest.map((freed) => freed.digest).filter((freed) => freed === digest),
      [digest],
    );
    assert.equal((await collect()).freed.blobs, 0);

    await server.stop();
    // What can be made again is made from blobs.
    for (const made of ['serving/cache', 'scratch']) await rm(path.join(data!, made), { recursive: true, force: true });
    server = await startServer(t, data!, flags);
    const { client } = server;
    for (const write of held) await write.isHeld(client);
    const again = await runPipeline(client, 'training');
    assert.deepEqual(new Set(again.steps.map(({ status }) => status)), new Set(['cached', 'succeeded']));
    await client.endpoints.deploy({ params: { project, endpoint: 'synced' }, body: { model: 'texts@champion' } });
    const { missing } = await client.blobs.missing({ params, body: { digests: [digest] } });
    assert.deepEqual(missing, [digest]);
  });
}

/** As if all had been stored two hours ago. */
const ageBlobs = async (folder: string): Promise<void> => {
  const then = new Date(Date.now() - 2 * 3600_000);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) await utimes(path.join(entry.parentPath, entry.name), then, then);
};
