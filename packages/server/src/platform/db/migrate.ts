import { promises as fs } from 'node:fs';
import path from 'node:path';
import { AppError } from '@boucle/contract';
import { sql } from 'kysely';
import { Migrator, type Migration, type MigrationProvider } from 'kysely/migration';
import type { Tx } from './tx.ts';

const folder = path.join(import.meta.dirname, '../../../migrations');

/** The files of `migrations/`, in the order of their names: `0001-spine.ts` and so on. */
const provider: MigrationProvider = {
  getMigrations: async () => {
    const files = (await fs.readdir(folder)).filter((file) => /^\d{4}-[a-z-]+\.[jt]s$/.test(file)).sort();
    const loaded = await Promise.all(
      files.map(async (file) => [file.replace(/\.[jt]s$/, ''), (await import(path.join(folder, file))) as Migration] as const),
    );
    return Object.fromEntries(loaded);
  },
};

/** Brings the database to this release, or to where an earlier one left its own. One that a later release wrote is left alone. */
export const migrate = async (db: Tx, kind: 'sqlite' | 'postgres', { upTo }: { upTo?: string } = {}): Promise<void> => {
  const all = Object.keys(await provider.getMigrations());
  const ran = await applied(db);
  refuseUnknown([...ran, ...(upTo === undefined ? [] : [upTo])], all, kind);
  const last = upTo ?? all.at(-1)!;
  if (all.every((name) => name > last || ran.includes(name))) return;
  // Here Kysely puts each statement in a write of its own, and a new database has hundreds of them: synced once, it is there sooner, and whole.
  // One with data goes migration by migration: what has been moved is not moved again.
  const isNew = kind === 'sqlite' && ran.length === 0;
  if (isNew) await sql`begin immediate`.execute(db);
  const { error } = await new Migrator({ db, provider }).migrateTo(last);
  if (error) throw error;
  if (isNew) await sql`commit`.execute(db);
};

const refuseUnknown = (names: readonly string[], known: readonly string[], kind: 'sqlite' | 'postgres'): void => {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new AppError(
    'failed_precondition',
    `This database was written by a later release of Boucle (it has ${unknown.join(', ')}): start that release, or restore a backup of before`,
    {
      reason: 'database_from_the_future',
      details: { unknown, database: kind },
    },
  );
};

/** Where its migrations ended; undefined for a database that has none of ours. */
export const schemaOf = async (db: Tx): Promise<string | undefined> => (await applied(db)).sort().at(-1);

const applied = async (db: Tx): Promise<string[]> => {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === 'kysely_migration')) return [];
  const rows = await db.withTables<{ kysely_migration: { name: string } }>().selectFrom('kysely_migration').select('name').execute();
  return rows.map((row) => row.name);
};
