import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { databases, type TestDatabase } from '../../testing/databases.ts';
import { columnsFor } from './columns.ts';
import { type Db, openDb } from './db.ts';
import type { Tx } from './tx.ts';

interface ProjectRow {
  id: string;
  name: string;
  problem: string;
  created_at: string;
}
const table = (tx: Tx) => tx.withTables<{ project: ProjectRow }>();

for (const [name, start] of Object.entries(databases)) {
  describe(`writes on ${name}`, () => {
    let server: TestDatabase;
    let db: Db;
    before(async () => {
      server = await start();
      db = await openDb(server.url);
    });
    after(async () => {
      await db.close();
      await server.stop();
    });

    const insert = (id: string) => (tx: Tx) =>
      table(tx).insertInto('project').values({ id, name: id, problem: '', created_at: '2026-01-01' }).execute();
    const ids = async (prefix: string) =>
      (await table(db.read).selectFrom('project').select('id').where('id', 'like', `${prefix}%`).orderBy('id').execute()).map((r) => r.id);

    test('one that fails takes nothing of its neighbours with it', async () => {
      const writes = Array.from({ length: 20 }, (_, i) =>
        db.write(async (tx) => {
          await insert(`n${i}`)(tx);
          if (i % 2 === 1) throw new Error('no');
        }),
      );
      const settled = await Promise.allSettled(writes);
      assert.equal(settled.filter((s) => s.status === 'rejected').length, 10);
      assert.equal((await ids('n')).length, 10);
    });

    test('a statement that the database refuses undoes its operation alone', async () => {
      await db.write(insert('d0'));
      const again = db.write(async (tx) => {
        await insert('d1')(tx);
        await insert('d0')(tx);
      });
      await Promise.all([assert.rejects(again), db.write(insert('d2'))]);
      assert.deepEqual(await ids('d'), ['d0', 'd2']);
    });

    test('what is to follow a write follows once it is durable, and not where it is undone', async () => {
      const followed: string[] = [];
      const follow = async (id: string): Promise<void> => {
        db.afterCommit(() => followed.push(id));
        assert.deepEqual(followed, []);
      };
      const undone = db.write(async (tx) => {
        await insert('f0')(tx);
        await follow('f0');
        throw new Error('no');
      });
      await assert.rejects(undone, { message: 'no' });
      await db.write(async (tx) => {
        await insert('f1')(tx);
        await db.write(() => follow('f1'));
      });
      assert.deepEqual(followed, ['f1']);
      assert.deepEqual(await ids('f'), ['f1']);
      assert.throws(() => db.afterCommit(() => {}), { message: 'afterCommit belongs inside a write' });
    });

    test('a write inside a write joins it, and fails with it', async () => {
      await assert.rejects(
        db.write(async () => {
          await db.write(insert('j0'));
          throw new Error('no');
        }),
      );
      await db.write(async () => {
        await db.write(insert('j1'));
      });
      assert.deepEqual(await ids('j'), ['j1']);
    });

    test('reading past an open write is refused', async () => {
      await assert.rejects(
        db.write(() => ids('x')),
        /ask its tx/,
      );
    });

    test('what was answered is there for whoever opens the database next', async () => {
      await db.write(insert('a0'));
      const other = await openDb(server.url);
      assert.equal((await table(other.read).selectFrom('project').select('id').where('id', '=', 'a0').execute()).length, 1);
      await other.close();
    });

    test('a database that a later release wrote is left alone', async () => {
      const migrations = (tx: Tx) => tx.withTables<{ kysely_migration: { name: string; timestamp: string } }>();
      await db.write((tx) =>
        migrations(tx).insertInto('kysely_migration').values({ name: '9999-future', timestamp: '2030-01-01' }).execute(),
      );
      await assert.rejects(openDb(server.url), { code: 'failed_precondition', reason: 'database_from_the_future', message: /9999-future/ });
      await db.write((tx) => migrations(tx).deleteFrom('kysely_migration').where('name', '=', '9999-future').execute());
    });

    test('whole numbers of 64 bits and bytes come back as they went in', async () => {
      type Thing = { id: number; number: number | bigint; data: Uint8Array };
      const things = (tx: Tx) => tx.withTables<{ thing: Thing }>();
      const rows: Thing[] = [2n ** 53n + 1n, -(2n ** 63n), Number.MAX_SAFE_INTEGER, -1].map((number, id) => ({
        id,
        number,
        data: Uint8Array.of(id, 0, 255),
      }));
      await db.write(async (tx) => {
        const { bytes } = columnsFor(tx as never);
        await tx.schema.createTable('thing').addColumn('id', 'integer').addColumn('number', 'bigint').addColumn('data', bytes).execute();
        await things(tx).insertInto('thing').values(rows).execute();
      });
      const found = await things(db.read).selectFrom('thing').selectAll().orderBy('id').execute();
      assert.deepEqual(
        found.map((row) => ({ ...row, data: Uint8Array.from(row.data) })),
        rows,
      );
      await db.write((tx) => sql`drop table thing`.execute(tx));
    });

    test('a write that comes after the end is refused, and not kept waiting', { timeout: 5000 }, async () => {
      const other = await openDb(server.url);
      await other.close();
      await assert.rejects(Promise.all([other.write(insert('z0')), other.write(insert('z1'))]));
    });

    test('closing leaves nothing running, even where nothing was read', { timeout: 5000 }, async () => {
      const running = () => process.getActiveResourcesInfo().filter((r) => /Worker|MessagePort|TCPSocketWrap/.test(r)).length;
      await setTimeout(100);
      const before = running();
      const other = await openDb(server.url);
      assert.ok(running() > before);
      await other.close();
      while (running() > before) await setTimeout(5);
    });
  });
}

test('a closed database is one file, that can be copied as it is', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'boucle-closed-'));
  for (let round = 0; round < 5; round++) {
    const db = await openDb(`sqlite:${path.join(folder, 'boucle.sqlite')}`);
    await Promise.all([1, 2].map(() => table(db.read).selectFrom('project').selectAll().execute()));
    await db.close();
    assert.deepEqual(await readdir(folder), ['boucle.sqlite']);
  }
  await rm(folder, { recursive: true });
});
