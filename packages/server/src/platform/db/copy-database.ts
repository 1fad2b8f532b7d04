import { AppError } from '@boucle/contract';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { atOneMoment, type Moment } from './at-one-moment.ts';
import { asStorageFault } from './group-commit.ts';
import { migrate, schemaOf } from './migrate.ts';
import { dialectOver, openThread } from './sqlite.ts';
import type { Tx } from './tx.ts';
import { inBatches, tablesOf } from './whole-tables.ts';

/** The most that either database takes in one statement, and a bit less. */
const valuesAtOnce = 30_000;

/** A whole database as of one moment as an SQLite file that is new, whichever kind it is of; it may be in use. */
export const copyToFile = async (url: string, file: string): Promise<void> => {
  if (/^postgres(ql)?:/.test(url)) await atOneMoment(url, (moment) => tablesInto(moment, file));
  else await vacuumInto(url.replace(/^sqlite:/, ''), file);
};

const vacuumInto = (source: string, file: string): Promise<void> =>
  withFile(source, true, async (tx) => {
    // The connection cannot write; what this would refuse too is to write elsewhere.
    await sql`pragma query_only = off`.execute(tx);
    await sql`vacuum into ${file}`.execute(tx);
  });

const tablesInto = async (moment: Moment, file: string): Promise<void> => {
  const schema = await schemaOf(moment.tx);
  if (schema === undefined) throw notOurs();
  await withFile(file, false, async (tx) => {
    await migrate(tx, 'sqlite', { upTo: schema });
    await sql`pragma foreign_keys = off`.execute(tx);
    await sql`begin immediate`.execute(tx);
    await copyTables(moment, tx);
    await sql`commit`.execute(tx);
    await sql`pragma journal_mode = delete`.execute(tx);
  });
};

/** Into a Postgres database that is empty, all or nothing but for the tables. */
export const fillPostgres = (file: string, url: string): Promise<void> =>
  onPostgres(url, async (db) => {
    await refuseFilled(db);
    await atOneMoment(file, async (moment) => {
      const schema = await schemaOf(moment.tx);
      if (schema === undefined) throw notOurs();
      await migrate(db, 'postgres', { upTo: schema });
      await db.transaction().execute((tx) => deferringReferences(tx, () => copyTables(moment, tx)));
    });
  });

/** Before much is copied for nothing. */
export const refuseFilledPostgres = (url: string): Promise<void> => onPostgres(url, refuseFilled);

const refuseFilled = async (tx: Tx): Promise<void> => {
  if ((await tablesOf({ kind: 'postgres', tx })).length > 0) throw notEmpty();
};

const onPostgres = async (url: string, work: (db: Tx) => Promise<void>): Promise<void> => {
  const { postgresPool } = await import('./postgres.ts');
  const db: Tx = new Kysely({ dialect: new PostgresDialect({ pool: postgresPool(url) }) });
  try {
    await work(db);
  } finally {
    await db.destroy();
  }
};

/** Rows refer to rows of other tables, and of their own: they come in any order, and are held to it once all are there. */
const deferringReferences = async (tx: Tx, work: () => Promise<void>): Promise<void> => {
  const { rows } = await sql<{ table: string; name: string }>`
    select conrelid::regclass::text as "table", conname as name from pg_constraint
    where contype = 'f' and connamespace = current_schema()::regnamespace`.execute(tx);
  const alter = async (how: string): Promise<void> => {
    for (const { table, name } of rows)
      await sql`alter table ${sql.table(table.replaceAll('"', ''))} alter constraint ${sql.ref(name)} ${sql.raw(how)}`.execute(tx);
  };
  await alter('deferrable initially deferred');
  await work();
  await sql`set constraints all immediate`.execute(tx);
  await alter('not deferrable');
};

/** Every row of every table, in place of those that the migrations put there. */
const copyTables = async (from: Moment, to: Tx): Promise<void> => {
  const target = to.withTables<Record<string, Record<string, unknown>>>();
  for (const { name: table, columns } of await tablesOf(from)) {
    await target.deleteFrom(table).execute();
    const rowsAtOnce = Math.floor(valuesAtOnce / columns.length);
    for await (const rows of inBatches(from, { table }, Math.min(rowsAtOnce, 1000))) await target.insertInto(table).values(rows).execute();
  }
};

/** Refuses an SQLite file that is damaged, or whose rows refer to none; says where its migrations ended. */
export const checkFile = (file: string): Promise<string> =>
  withFile(file, true, async (tx) => {
    const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(tx);
    const faults = rows.map((row) => row.integrity_check).filter((said) => said !== 'ok');
    const loose = (await sql`pragma foreign_key_check`.execute(tx)).rows.length;
    if (faults.length > 0 || loose > 0) throw damaged([...faults.slice(0, 3), ...(loose > 0 ? [`${loose} rows refer to none`] : [])]);
    const schema = await schemaOf(tx);
    if (schema === undefined) throw notOurs();
    return schema;
  });

/** Work on a file by a connection of its own, in a thread. */
export const withFile = async <T>(file: string, readOnly: boolean, work: (tx: Tx) => Promise<T>): Promise<T> => {
  const thread = openThread(file, { readOnly });
  try {
    return await work(new Kysely({ dialect: dialectOver(thread) }));
  } catch (error) {
    throw asStorageFault(error);
  } finally {
    await thread.close();
  }
};

const damaged = (faults: readonly string[]): AppError =>
  new AppError('failed_precondition', `The database is damaged (${faults.join('; ')}): restore a backup of before`, {
    reason: 'damaged_database',
    details: { faults },
  });
const notOurs = (): AppError =>
  new AppError(
    'failed_precondition',
    'This is no database of Boucle: say its address, or the folder of its file, with --database or --data',
    {
      reason: 'not_a_database',
    },
  );
const notEmpty = (): AppError =>
  new AppError('conflict', 'The Postgres database has tables already: restore into an empty one', { reason: 'target_not_empty' });
