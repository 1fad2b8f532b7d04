import assert from 'node:assert/strict';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type BlobDigest, hexOf, type TreeDigest, treeDigest, treeListing } from '@boucle/contract';
import fc from 'fast-check';
import { sql } from 'kysely';
import { databases } from '../../testing/databases.ts';
import { type Ground, layGround } from '../../testing/ground.ts';
import type { TestDatabase } from '../../testing/databases.ts';
import { atOneMoment, tablesOf } from '../db/index.ts';
import { lockMaintenance } from '../lock/index.ts';
import { columnsThatName, createGarbage, exceptions } from './index.ts';

const hour = 3600_000;

for (const [name, start] of Object.entries(databases)) {
  describe(`garbage on ${name}`, () => {
    let ground: Ground;
    let url: string;
    before(async () => {
      ground = await layGround(async (): Promise<TestDatabase> => {
        const database = await start();
        url = database.url;
        return database;
      });
    });
    after(() => ground.stop());

    const logs = () => path.join(ground.folder, 'predictions');
    const garbage = (now = Date.now) =>
      createGarbage({ database: url, blobs: ground.blobs, folder: ground.folder, logs: logs(), forget: ground.projects.blobs.forget, now });
    const collect = (more: { dryRun?: boolean; now?: () => number } = {}) =>
      garbage(more.now).collect({ graceMs: hour, dryRun: more.dryRun ?? false });
    const fileOf = (digest: BlobDigest | TreeDigest): string =>
      path.join(ground.folder, 'blobs', hexOf(digest).slice(0, 2), hexOf(digest).slice(2));
    /** As if it had been stored two hours ago. */
    const age = async (...digests: (BlobDigest | TreeDigest)[]): Promise<void> => {
      const then = new Date(Date.now() - 2 * hour);
      for (const digest of digests) await utimes(fileOf(digest), then, then);
    };
    const put = async (text: string): Promise<BlobDigest> => (await ground.blobs.putBytes(text)).digest;
    const hold = (digest: BlobDigest) => ground.db.write((tx) => ground.projects.blobs.hold(tx, ground.actor.project.id, [digest]));
    const artifacts = (tx: Ground['db']['read']) =>
      tx.withTables<{ artifact: { owner: string; path: string; blob: string; size: number; created_at: string } }>();
    const nameIt = (path: string, blob: string) =>
      ground.db.write((tx) =>
        artifacts(tx).insertInto('artifact').values({ owner: 'run:1', path, blob, size: 1, created_at: '' }).execute(),
      );
    const unname = (path: string) => ground.db.write((tx) => artifacts(tx).deleteFrom('artifact').where('path', '=', path).execute());

    test('what nothing names goes after the grace, with the right to read it; a dry run says so and frees nothing', async () => {
      const [gone, young] = [await put('nobody wants it'), await put('just sent')];
      await hold(gone);
      await age(gone);
      const dry = await collect({ dryRun: true });
      assert.deepEqual(dry.freed, { blobs: 1, bytes: 15 });
      assert.deepEqual(
        dry.largest.map(({ digest, size }) => [digest, size]),
        [[gone, 15]],
      );
      assert.equal(await ground.blobs.has(gone), true);
      assert.deepEqual((await collect()).freed, { blobs: 1, bytes: 15 });
      assert.equal(await ground.blobs.has(gone), false);
      assert.equal(await ground.blobs.has(young), true);
      await assert.rejects(ground.projects.blobs.get(ground.actor.project, gone), { code: 'not_found' });
    });

    test('what a row, a tree of a row or a record of the log names stays however old it is', async () => {
      const [row, listed, logged] = [await put('in a row'), await put('in a tree'), await put('in the log')];
      const { digest } = await ground.blobs.putBytes(treeListing([{ path: 'a', blob: listed, size: 9 }]));
      await nameIt('a', row);
      await nameIt('b', treeDigest(hexOf(digest)));
      await mkdir(path.join(logs(), 'endpoint'), { recursive: true });
      await writeFile(path.join(logs(), 'endpoint', '0000000001-20260101T000000000Z.segment'), `\xff\0{"inputs":"${logged}"}`, 'latin1');
      await age(row, listed, logged, digest);
      await collect();
      for (const kept of [row, listed, logged, digest]) assert.equal(await ground.blobs.has(kept), true);
      await unname('b');
      await collect();
      assert.deepEqual(await Promise.all([digest, listed, row].map(ground.blobs.has)), [false, false, true]);
      await unname('a');
    });

    test('a client that is told "I have it" may go on to name it: it is young again', async () => {
      const old = await put('asked for');
      await hold(old);
      await age(old);
      assert.deepEqual(await ground.projects.blobs.missing(ground.actor.project, [old]), []);
      await collect();
      assert.equal(await ground.blobs.has(old), true);
    });

    test('what a young listing lists stays with it, before anything names the tree', async () => {
      const listed = await put('old, and used again');
      const { digest } = await ground.blobs.putBytes(treeListing([{ path: 'a', blob: listed, size: 19 }]));
      await age(listed);
      await put('{"entries":[ of somebody else');
      await collect();
      assert.equal(await ground.blobs.has(listed), true);
      await age(listed, digest);
    });

    test('a put that comes while its blob is taken away is there when it has answered', async () => {
      for (let i = 0; i < 12; i += 1) {
        const text = `contested ${i}`;
        await age(await put(text));
        const [, digest] = await Promise.all([
          collect(),
          (async () => {
            for (let turns = 0; turns < i; turns += 1) await new Promise(setImmediate);
            const digest = await put(text);
            await hold(digest);
            return digest;
          })(),
        ]);
        assert.equal(await ground.blobs.readText(digest), text);
        assert.deepEqual(await ground.projects.blobs.missing(ground.actor.project, [digest]), []);
      }
    });

    test('a tree that cannot be read stops it, by name, and a backup under way too', async () => {
      const listed = await put('in a damaged tree');
      const { digest } = await ground.blobs.putBytes(treeListing([{ path: 'a', blob: listed, size: 17 }]));
      await nameIt('damaged', treeDigest(hexOf(digest)));
      await writeFile(fileOf(digest), 'something else');
      await age(listed);
      await assert.rejects(collect(), { reason: 'damaged_blob', message: new RegExp(hexOf(digest)) });
      await unname('damaged');
      // Of what is no tree, whatever a text says of it, nothing more is to be known.
      await nameIt('no tree', treeDigest(hexOf(await put('a file'))));
      await collect();
      const backup = await lockMaintenance(ground.folder);
      await assert.rejects(collect(), { code: 'conflict', reason: 'maintenance_under_way' });
      backup.release();
      await collect();
    });

    test('a digest in a column of any table is seen, also of a table that came since', async () => {
      const fresh = await put('in a table of tomorrow');
      await ground.db.write((tx) => sql`create table tomorrow (id integer primary key, note text, data text)`.execute(tx));
      await ground.db.write((tx) => sql`insert into tomorrow (id, note, data) values (1, ${'{"blob":"' + fresh + '"}'}, null)`.execute(tx));
      await age(fresh);
      await collect();
      assert.equal(await ground.blobs.has(fresh), true);
      await ground.db.write((tx) => sql`drop table tomorrow`.execute(tx));
    });

    test('every column is looked at, but for numbers, points of metrics and the exceptions, which are all there', async () => {
      await atOneMoment(url, async (moment) => {
        const seen = await columnsThatName(moment, exceptions);
        const all = (await tablesOf(moment)).flatMap(({ name: table, columns }) => columns.map((column) => ({ table, ...column })));
        const passedOver = all
          .filter(({ table, name }) => !seen.get(table)?.includes(name))
          .filter(({ dataType }) => !/int|double|float|real/i.test(dataType))
          .map(({ table, name }) => `${table}.${name}`);
        assert.deepEqual(passedOver.sort(), [...Object.keys(exceptions), 'metric_chunk.data'].sort());
      });
    });

    test('whatever is written, unnamed and collected in whatever order, nothing named is lost, and nothing else stays', async () => {
      const step = fc.oneof(
        fc.record({ kind: fc.constant('put' as const), text: fc.nat(5), named: fc.boolean() }),
        fc.record({ kind: fc.constant('tree' as const), text: fc.nat(5), other: fc.nat(5) }),
        fc.record({ kind: fc.constant('unname' as const), which: fc.nat(9) }),
        fc.record({ kind: fc.constant('wait' as const), minutes: fc.nat(50) }),
        fc.record({ kind: fc.constant('collect' as const) }),
      );
      let round = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          round += 1;
          let waited = 0;
          const now = () => Date.now() + waited;
          /** By path: what it names, and what that lists. */
          const named = new Map<string, readonly BlobDigest[]>();
          const written = new Map<BlobDigest, { at: number; lists: readonly BlobDigest[] }>();
          const textOf = (n: number) => `round ${round}, text ${n}`;
          const store = async (text: string, lists: readonly BlobDigest[] = []): Promise<BlobDigest> => {
            const digest = await put(text);
            // Files are written by the clock of the machine, which this test does not move.
            await utimes(fileOf(digest), now() / 1000, now() / 1000);
            written.set(digest, { at: waited, lists });
            return digest;
          };
          for (const [i, one] of steps.entries()) {
            const at = `${round}/${i}`;
            if (one.kind === 'put') {
              const digest = await store(textOf(one.text));
              if (one.named) {
                await nameIt(at, digest);
                named.set(at, [digest]);
              }
            } else if (one.kind === 'tree') {
              const files = [await store(textOf(one.text)), await store(textOf(one.other))];
              const listing = treeListing(files.map((blob, n) => ({ path: `${n}`, blob, size: 1 })));
              const digest = await store(listing, files);
              await nameIt(at, treeDigest(hexOf(digest)));
              named.set(at, [digest, ...files]);
            } else if (one.kind === 'unname') {
              const path = [...named.keys()][one.which];
              if (path !== undefined) {
                await unname(path);
                named.delete(path);
              }
            } else if (one.kind === 'wait') waited += one.minutes * 60_000;
            else {
              await collect({ now });
              const needed = new Set([...named.values()].flat());
              const isYoung = (digest: BlobDigest): boolean => waited - written.get(digest)!.at < hour;
              for (const [digest, { lists }] of written) if (isYoung(digest)) for (const one of [digest, ...lists]) needed.add(one);
              for (const digest of written.keys())
                assert.equal(await ground.blobs.has(digest), needed.has(digest), `${digest} after step ${i}`);
              for (const digest of written.keys()) if (!needed.has(digest)) written.delete(digest);
            }
          }
          for (const path of named.keys()) await unname(path);
        }),
        { numRuns: 12 },
      );
    });
  });
}
