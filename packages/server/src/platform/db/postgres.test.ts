import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { databases, type TestDatabase } from '../../testing/databases.ts';
import { type Db, openDb } from './db.ts';
import { asPostgresFault } from './postgres.ts';

describe('a Postgres that fails', () => {
  let server: TestDatabase;
  let db: Db;
  before(async () => {
    server = await databases.postgres();
    db = await openDb(server.url);
  });
  after(async () => {
    await db.close();
    await server.stop();
  });

  test('and goes away under a write is unavailable, and answers the next one', async () => {
    const cut = db.write((tx) => sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx));
    await assert.rejects(cut, { code: 'unavailable', reason: 'database_unreachable' });
    assert.deepEqual((await db.write((tx) => sql`select 1 as one`.execute(tx))).rows, [{ one: 1 }]);
  });

  test('and gives up one of two writes that wait for each other says so, and keeps the other', async () => {
    const both = Promise.withResolvers<void>();
    let locked = 0;
    const lockBoth = (first: number, second: number) =>
      db.write(async (tx) => {
        await sql`select pg_advisory_xact_lock(${first})`.execute(tx);
        if (++locked === 2) both.resolve();
        await both.promise;
        await sql`select pg_advisory_xact_lock(${second})`.execute(tx);
      });
    const ended = await Promise.allSettled([lockBoth(1, 2), lockBoth(2, 1)]);
    const refused = ended.flatMap((end) => (end.status === 'rejected' ? [end.reason as { code?: string; reason?: string }] : []));
    assert.deepEqual(
      refused.map(({ code, reason }) => ({ code, reason })),
      [{ code: 'unavailable', reason: 'writes_crossed' }],
    );
  });

  test('to answer at all is told with what to look at', async () => {
    await assert.rejects(openDb('postgres://postgres@127.0.0.1:1/none'), { code: 'unavailable', message: /setting `database`/ });
  });

  test('in any other way is left as it is, for that is a bug', () => {
    const reason = Object.assign(new Error('syntax error'), { code: '42601' });
    assert.equal(asPostgresFault(reason), reason);
  });
});
