import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type BlobDigest, hexOf, treeDigest, treeListing } from '@boucle/contract';
import { sql } from 'kysely';
import { databases, type TestDatabase } from '../../testing/databases.ts';
import { type Ground, layGround } from '../../testing/ground.ts';
import { createBlobReader } from '../blobs/index.ts';
import { atOneMoment, inBatches, openDb, tablesOf } from '../db/index.ts';
import { leapingClock } from '../index.ts';
import { openRecordLog } from '../segments/index.ts';
import { backUp, checkBackup, restore } from './index.ts';

const root = await mkdtemp(path.join(tmpdir(), 'boucle-backup-'));
after(() => rm(root, { recursive: true }));
let count = 0;
const fresh = (): string => path.join(root, `${++count}`);
const fileOf = (folder: string, digest: BlobDigest): string =>
  path.join(folder, 'blobs', hexOf(digest).slice(0, 2), hexOf(digest).slice(2));

/** Every row of every table, as JSON. */
const rowsOf = (url: string): Promise<Record<string, string[]>> =>
  atOneMoment(url, async (moment) => {
    const all: Record<string, string[]> = {};
    for (const { name } of await tablesOf(moment)) {
      const rows: string[] = [];
      for await (const batch of inBatches(moment, { table: name }, 7))
        rows.push(
          ...batch.map((row) =>
            JSON.stringify(
              Object.entries(row)
                .map(([column, value]) => [column, value instanceof Uint8Array ? [...value] : value])
                .sort(([a], [b]) => (a! < b! ? -1 : 1)),
              (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value),
            ),
          ),
        );
      all[name] = rows.sort();
    }
    return all;
  });

for (const [name, start] of Object.entries(databases)) {
  describe(`a backup of ${name}`, () => {
    let ground: Ground;
    let url: string;
    const clock = leapingClock();
    before(async () => {
      ground = await layGround(async (): Promise<TestDatabase> => {
        const database = await start();
        url = database.url;
        return database;
      });
    });
    after(() => ground.stop());

    const make = (folder: string, more: { keep?: number; verify?: boolean } = {}) =>
      backUp({ data: ground.folder, database: url, folder, version: '1.0.0', clock, ...more });
    const put = async (text: string): Promise<BlobDigest> => {
      const { digest } = await ground.blobs.putBytes(text);
      await ground.db.write((tx) => ground.projects.blobs.hold(tx, ground.actor.project.id, [digest]));
      return digest;
    };

    test('has every row, blob, record and part, and is restored into either kind of database', async () => {
      const [blob, inTree] = [await put('a blob'), (await ground.blobs.putBytes('in a tree')).digest];
      const { digest: tree } = await ground.blobs.putBytes(treeListing([{ path: 'a', blob: inTree, size: 9 }]));
      await ground.blobs.putBytes('nobody names this');
      const part = await ground.blobs.parts.put(
        '1'.repeat(32),
        (async function* () {
          yield Buffer.from('a part');
        })(),
        {},
      );
      await ground.db.write(async (tx) => {
        const insert = (digest: string, upload: string) =>
          sql`insert into artifact_part (upload_id, number, digest, size) values (${upload}, 1, ${digest}, 6)`.execute(tx);
        await insert(part.digest, '1'.repeat(32));
        await insert(part.digest, '2'.repeat(32));
        await sql`insert into artifact (owner, path, blob, size, created_at) values ('run:1', 'a', ${treeDigest(hexOf(tree))}, ${2n ** 60n + 1n}, '')`.execute(
          tx,
        );
        await sql`insert into metric_chunk (run_id, key, id, points, min_step, max_step, min_time, max_time, data)
          values ('1', 'loss', '1', 1, ${-(2n ** 62n)}, 1, 1, 1, ${Buffer.from([0, 255, 10])})`.execute(tx);
        // A row that refers to one of its own table, which comes later.
        const feedback = (id: string, supersedes: string | null) => sql`
          insert into feedback (id, project_id, prediction_id, endpoint, label, supersedes, current, agreed, event_time, arrival_time, given_by, seq)
          values (${id}, ${ground.actor.project.id}, 'p', 'e', '"good"', ${supersedes}, ${supersedes ? 1 : 0}, 0, '', '', 'me', ${id === 'z' ? 1 : 2})`;
        await feedback('z', null).execute(tx);
        await feedback('a', 'z').execute(tx);
      });
      const log = await openRecordLog(path.join(ground.folder, 'serving/predictions/e1'), { segmentBytes: 400 });
      for (let i = 0; i < 20; i += 1) await log.append({ number: i }, { key: `k${i}`.padEnd(20), level: 'written' });

      const folder = fresh();
      const { manifest, added } = await make(folder);
      await log.close();
      assert.deepEqual([manifest.lost, manifest.damagedSegments, manifest.databaseKind], [[], [], name]);
      assert.ok(added.blobs > 3);
      assert.equal(
        manifest.files.reduce((sum, { records = 0 }) => sum + records, 0),
        20,
      );
      const before = await rowsOf(url);
      // The upload whose part is nowhere was begun after its parts were copied: it is begun anew.
      before['artifact_part'] = before['artifact_part']!.filter((row) => !row.includes('2'.repeat(32)));

      for (const [kind, startTarget] of Object.entries(databases)) {
        const data = fresh();
        const target = await startTarget();
        await restore({ folder, data, ...(kind === 'postgres' && { postgres: target.url }) });
        const restored = kind === 'postgres' ? target.url : `sqlite:${path.join(data, 'boucle.sqlite')}`;
        assert.deepEqual(await rowsOf(restored), before);
        const blobs = createBlobReader(path.join(data, 'blobs'));
        for (const digest of [blob, inTree, tree]) assert.equal(await blobs.verify(digest), true);
        assert.equal((await readdir(path.join(data, 'blobs', 'parts'))).length, 1);
        const again = await openRecordLog(path.join(data, 'serving/predictions/e1'));
        let records = 0;
        for await (const _ of again.since(null)) records += 1;
        await again.close();
        assert.equal(records, 20);
        // The next server finds it as its own, with its references in force.
        const db = await openDb(restored);
        await assert.rejects(db.write((tx) => sql`update feedback set supersedes = 'nobody' where id = 'a'`.execute(tx)));
        await db.close();
        await assert.rejects(restore({ folder, data }), { code: 'conflict', reason: 'target_not_empty' });
        if (kind === 'postgres')
          await assert.rejects(restore({ folder, data: fresh(), postgres: target.url }), { code: 'conflict', reason: 'target_not_empty' });
        await target.stop();
      }
      const kept = createBlobReader(path.join(folder, 'blobs'));
      assert.equal(await kept.has((await ground.blobs.putBytes('nobody names this')).digest), false);
    });

    test('adds to a folder only what it has not, and old backups go with what only they named', async () => {
      const folder = fresh();
      const first = await put('only in the first');
      const { manifest } = await make(folder);
      await ground.db.write((tx) => sql`delete from blob_ref where digest = ${first}`.execute(tx));
      const second = await put('only in the second');
      clock.advance(1000);
      const { added } = await make(folder);
      assert.ok(added.blobs <= 4, `${added.blobs} were added`);
      await restore({ folder, data: fresh(), id: manifest.id });
      clock.advance(1000);
      const { dropped } = await make(folder, { keep: 1 });
      assert.equal(dropped.length, 2);
      const kept = createBlobReader(path.join(folder, 'blobs'));
      assert.deepEqual([await kept.has(first), await kept.has(second)], [false, true]);
      await checkBackup({ folder });
      await assert.rejects(checkBackup({ folder, id: manifest.id }), { reason: 'unknown_backup' });
    });

    test('names what the store had lost, and has the rest', async () => {
      const [lost, damaged, whole] = [await put('lost'), await put('damaged'), await put('whole')];
      await unlink(fileOf(ground.folder, lost));
      await writeFile(fileOf(ground.folder, damaged), 'x');
      const folder = fresh();
      const { manifest } = await make(folder);
      assert.deepEqual(manifest.lost, [lost, damaged].sort());
      const data = fresh();
      assert.deepEqual((await restore({ folder, data })).lost, manifest.lost);
      assert.equal(await createBlobReader(path.join(data, 'blobs')).verify(whole), true);
      await ground.blobs.putBytes('lost');
      await ground.blobs.putBytes('damaged');
    });

    test('that was damaged is refused with the name of the blob, leaves nothing behind, and is mended by --verify', async () => {
      const blob = await put('soon damaged');
      const folder = fresh();
      await make(folder);
      const { size } = await stat(fileOf(folder, blob));
      await writeFile(fileOf(folder, blob), 'x'.repeat(size));
      const data = fresh();
      const refused = { reason: 'damaged_backup', message: new RegExp(blob) };
      await assert.rejects(checkBackup({ folder }), refused);
      await assert.rejects(restore({ folder, data }), refused);
      assert.deepEqual(
        (await readdir(root)).filter((file) => file.startsWith(path.basename(data))),
        [],
      );
      clock.advance(1000);
      await make(folder, { verify: true });
      // Such as a mount, in which another restore was killed.
      await mkdir(path.join(data, 'restoring'), { recursive: true });
      await restore({ folder, data });
      assert.deepEqual((await readdir(data)).sort(), ['blobs', 'boucle.sqlite', 'lock.db', 'serving']);
    });

    test('that another is under way for, or that lies in what it copies, is refused', async () => {
      const folder = fresh();
      const both = await Promise.allSettled([make(folder), make(folder)]);
      assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
      await assert.rejects(make(path.join(ground.folder, 'backups')), { reason: 'backup_inside_data' });
      await assert.rejects(restore({ folder: fresh(), data: fresh() }), { code: 'not_found' });
      await writeFile(path.join(folder, 'backups', '29990101T000000000Z.json'), '{"format":"boucle.backup/2"');
      await assert.rejects(checkBackup({ folder }), { reason: 'unreadable_backup' });
    });
  });
}

test('a backup leads nowhere but to where files of ours lie', async () => {
  const database = await databases.sqlite();
  const ground = await layGround(async () => database);
  const folder = fresh();
  const { manifest } = await backUp({ data: ground.folder, database: database.url, folder, version: '1', clock: leapingClock() });
  const file = path.join(folder, 'backups', `${manifest.id}.json`);
  const said = JSON.parse(await readFile(file, 'utf8')) as { files: object[] };
  for (const sly of ['../up', '/root/x', 'serving/predictions/../../x.segment', 'secrets.key']) {
    await writeFile(file, JSON.stringify({ ...said, files: [{ path: sly, digest: manifest.database.digest, size: 1 }] }));
    await assert.rejects(restore({ folder, data: fresh() }), { reason: 'unreadable_backup' }, sly);
  }
  await ground.stop();
});
