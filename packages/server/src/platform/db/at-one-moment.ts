import { Kysely, PostgresDialect, sql } from 'kysely';
import type { Db } from './db.ts';
import { dialectOver, openThread } from './sqlite.ts';
import type { Tx } from './tx.ts';

/** All that is read through it is as of one moment. */
export interface Moment {
  readonly kind: Db['kind'];
  readonly tx: Tx;
}

/** Over a connection of its own. The database is neither migrated nor written, and may be in use by other processes. */
export const atOneMoment = <T>(url: string, read: (moment: Moment) => Promise<T>): Promise<T> =>
  /^postgres(ql)?:/.test(url) ? inPostgres(url, read) : inSqlite(url.replace(/^sqlite:/, ''), read);

const inPostgres = async <T>(url: string, read: (moment: Moment) => Promise<T>): Promise<T> => {
  const { postgresPool } = await import('./postgres.ts');
  const db: Tx = new Kysely({ dialect: new PostgresDialect({ pool: postgresPool(url) }) });
  try {
    const begun = db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
    return await begun.execute((tx) => read({ kind: 'postgres', tx }));
  } finally {
    await db.destroy();
  }
};

const inSqlite = async <T>(file: string, read: (moment: Moment) => Promise<T>): Promise<T> => {
  const thread = openThread(file, { readOnly: true });
  const tx: Tx = new Kysely({ dialect: dialectOver(thread) });
  try {
    await sql`begin`.execute(tx);
    return await read({ kind: 'sqlite', tx });
  } finally {
    await thread.close();
  }
};
