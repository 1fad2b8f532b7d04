import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, open, readdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ApiError } from '@boucle/sdk';
import { openDb } from '../../src/platform/index.ts';
import { addExamples, applyProject, examples, project, runPipeline, writeProject } from '../../src/testing/small-project.ts';
import { atEnd, runBoucle, startServer, tempFolder } from './start-server.ts';

/** `boucle up`, which ends by itself, says why, and shows nobody a stack. */
const isNotStarted = async (args: readonly string[], { status, says }: { status: number; says: RegExp }): Promise<string> => {
  const ended = await runBoucle(['up', ...args]);
  assert.match(ended.stderr, says);
  assert.doesNotMatch(ended.stderr, /\n\s+at /);
  assert.equal(ended.status, status, ended.stderr);
  assert.equal(ended.stdout, '');
  return ended.stderr;
};
const dataIn = async (t: TestContext) => path.join(await tempFolder(t), 'data');

test('a port in use is named, with what to do, and the data stays free', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => taken.close());
  const { port } = taken.address() as AddressInfo;
  const data = await dataIn(t);
  await isNotStarted(['--data', data, '--port', String(port)], {
    status: 5,
    says: new RegExp(`Port ${port} at 127\\.0\\.0\\.1 is in use: stop what listens there, or choose another with --port`),
  });
  await (await startServer(t, data)).stop();
});

test('a database from the future is left alone', async (t) => {
  const data = await dataIn(t);
  await (await startServer(t, data)).stop();
  const db = await openDb(`sqlite:${path.join(data, 'boucle.sqlite')}`);
  const migration = { name: '9999-telepathy', timestamp: '2031-01-01T00:00:00.000Z' };
  await db.write((tx) =>
    tx.withTables<{ kysely_migration: typeof migration }>().insertInto('kysely_migration').values(migration).execute(),
  );
  await db.close();
  await isNotStarted(['--data', data, '--port', '0'], {
    status: 6,
    says: /written by a later release of Boucle \(it has 9999-telepathy\): start that release, or restore a backup/,
  });
});

test('a database that is none is named', async (t) => {
  const data = await dataIn(t);
  await (await startServer(t, data)).stop();
  await writeFile(path.join(data, 'boucle.sqlite'), randomBytes(8192));
  await isNotStarted(['--data', data, '--port', '0'], {
    status: 6,
    says: /database file is damaged, or is none: move it away and restore a backup; nothing was written to it/,
  });
});

test('a data directory that is a file, or lies below one, is refused', async (t) => {
  const file = path.join(await tempFolder(t), 'file');
  await writeFile(file, '');
  for (const data of [file, path.join(file, 'data')])
    await isNotStarted(['--data', data, '--port', '0'], {
      status: 2,
      says: /is a file, or lies below one: choose a folder with --data/,
    });
});

/** A disk of its own, where this user may mount one. */
const aDisk = async (t: TestContext, size: string): Promise<string | undefined> => {
  const disk = path.join(await tempFolder(t), 'disk');
  await mkdir(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    t.skip('no right to mount a disk');
    return undefined;
  }
  atEnd(t, () => execFileSync('umount', ['-l', disk]));
  return disk;
};
const remount = (folder: string, options: string) => execFileSync('mount', ['-o', `remount,${options}`, folder]);

test('a folder that cannot be written is named', async (t) => {
  const disk = await aDisk(t, '1m');
  if (!disk) return;
  remount(disk, 'ro');
  for (const data of [disk, path.join(disk, 'data')])
    await isNotStarted(['--data', data, '--port', '0'], { status: 7, says: /cannot be (written|locked): .*right to write there/ });
});

test('a server whose disk is full refuses what it cannot keep, answers the rest, and goes on once there is room', async (t) => {
  const disk = await aDisk(t, '32m');
  if (!disk) return;
  const folder = path.join(await tempFolder(t), 'project');
  await writeProject(folder);
  const server = await startServer(t, path.join(disk, 'data'));
  const { client } = server;
  await applyProject(client, folder);
  await addExamples(client, examples(60));
  assert.equal((await runPipeline(client, 'training')).status, 'succeeded');
  for (const log of ['written', 'synced'] as const)
    await client.endpoints.deploy({ params: { project, endpoint: log }, body: { model: 'texts@champion', log } });
  const { id: runId } = await client.runs.create({ params: { project }, body: {} });

  const inRun = { project, runId };
  const put = (file: string) => client.runs.artifacts.put({ params: inRun, query: { path: file }, data: randomBytes(300_000) });
  const createRun = () => client.runs.create({ params: { project }, body: {} });
  const predict = (endpoint: string) =>
    fetch(`${server.address}/v2/models/${endpoint}/infer`, {
      method: 'POST',
      headers: { 'boucle-project': project },
      body: JSON.stringify({ inputs: [{ name: 'text', shape: [1], datatype: 'BYTES', data: ['late '.repeat(10_000)] }] }),
    });
  await put('before');
  await fill(path.join(disk, 'filler'));

  const isFull = (asked: Promise<unknown>) =>
    assert.rejects(asked, (error: ApiError) => {
      t.diagnostic(error.message);
      assert.deepEqual([error.status, error.code, error.reason], [503, 'unavailable', 'disk_full']);
      assert.match(error.message, /free some space|make room/);
      return true;
    });
  await isFull(put('while full'));
  await isFull(createRun());
  await isFull(addExamples(client, examples(5000)));
  assert.deepEqual([(await predict('written')).status, (await predict('synced')).status], [200, 503]);
  // What was answered without a record is counted.
  assert.ok((await client.system.info({})).lostPredictions >= 2);
  // What only reads goes on, and nothing half-written lies about.
  const { items } = await client.runs.artifacts.list({ params: inRun, query: {} });
  assert.deepEqual(
    items.map((item) => item.path),
    ['before'],
  );
  assert.equal((await (await client.runs.artifacts.get({ params: inRun, query: { path: 'before' } })).arrayBuffer()).byteLength, 300_000);
  for (const place of ['blobs/tmp', 'scratch']) assert.deepEqual(await readdir(path.join(disk, 'data', place)), []);

  await rm(path.join(disk, 'filler'));
  await put('after');
  await createRun();
  assert.equal((await addExamples(client, examples(5000))).number, 2);
  assert.deepEqual([(await predict('written')).status, (await predict('synced')).status], [200, 200]);
  assert.equal((await runPipeline(client, 'training')).status, 'succeeded');
  await server.stop();
});

/** To the last byte. */
const fill = async (file: string): Promise<void> => {
  await using filler = await open(file, 'w');
  for (let bytes = 2 ** 20; bytes >= 1;) {
    try {
      await filler.write(Buffer.alloc(bytes, 'x'));
    } catch {
      bytes >>= 1; // full for so much: what is smaller may still find room
    }
  }
};
