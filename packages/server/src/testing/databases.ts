import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startPostgres } from './postgres.ts';

export interface TestDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

/** A database in a folder of its own; memory would not be shared between threads. */
const freshSqlite = async (): Promise<TestDatabase> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'boucle-sqlite-'));
  return { url: `sqlite:${path.join(folder, 'db.sqlite')}`, stop: () => rm(folder, { recursive: true }) };
};

/** A new database in the Postgres of this test run, whose address the test script says; alone, a file starts one of its own. */
const freshPostgres = async (): Promise<TestDatabase> => {
  const shared = process.env['BOUCLE_TEST_POSTGRES'];
  const server = shared ? { url: shared, stop: async () => {} } : await startPostgres();
  const name = `boucle_${randomBytes(6).toString('hex')}`;
  await ask(server.url, `create database ${name}`);
  const url = server.url.replace(/\/[^/]*$/, `/${name}`);
  return {
    url,
    stop: async () => {
      await ask(server.url, `drop database ${name} with (force)`);
      await server.stop();
    },
  };
};

const ask = async (url: string, sql: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
};

/** Every suite over a store runs on each of these. */
export const databases: Readonly<Record<'sqlite' | 'postgres', () => Promise<TestDatabase>>> = {
  sqlite: freshSqlite,
  postgres: freshPostgres,
};
