import { AsyncLocalStorage } from 'node:async_hooks';
import { AppError } from '@boucle/contract';
import { Kysely, type KyselyPlugin, PostgresDialect } from 'kysely';
import { asStorageFault, groupCommits } from './group-commit.ts';
import { migrate } from './migrate.ts';
import { dialectOver, openReaders, openThread } from './sqlite.ts';
import type { Tx } from './tx.ts';

type Carry<T> = (tx: Tx) => Promise<T>;

export interface Db {
  readonly kind: 'sqlite' | 'postgres';
  readonly read: Tx;
  /** All or nothing, durable once it resolves. A write inside a write joins it. No network and no blobs inside: others wait. */
  write<T>(carryOut: Carry<T>): Promise<T>;
  /** Called after each commit that wrote; several commits may share a call. */
  onCommit(listener: () => void): void;
  /** Called inside a write: once it is durable, in the turn in which its caller hears of it; never where it is undone. */
  afterCommit(work: () => void): void;
  close(): Promise<void>;
}

/** `postgres://…` for many servers, `sqlite:<file>` for one. */
export const openDb = async (url: string): Promise<Db> =>
  /^postgres(ql)?:/.test(url) ? openPostgres(url) : openSqlite(url.replace(/^sqlite:/, ''));

const openPostgres = async (connectionString: string): Promise<Db> => {
  const { postgresPool } = await import('./postgres.ts');
  const db: Tx = new Kysely({ dialect: new PostgresDialect({ pool: postgresPool(connectionString) }) });
  try {
    await migrate(db, 'postgres');
  } catch (reason) {
    await db.destroy();
    throw reason;
  }
  const begin = <T>(carryOut: Carry<T>): Promise<T> => db.transaction().execute(carryOut);
  return joined({ kind: 'postgres', read: db, begin, close: () => db.destroy() });
};

const openSqlite = async (file: string): Promise<Db> => {
  const writing = openThread(file, { readOnly: false });
  const writer: Tx = new Kysely({ dialect: dialectOver(writing) });
  try {
    await migrate(writer, 'sqlite');
  } catch (reason) {
    await writing.close();
    throw asStorageFault(reason);
  }
  const reading = openReaders(file, 2);
  const commit = groupCommits(writing);
  return joined({
    kind: 'sqlite',
    read: new Kysely({ dialect: dialectOver(reading) }),
    begin: (carryOut) =>
      commit((isOpen) => carryOut(writer.withPlugin(refuse(() => !isOpen(), 'This write has ended: await all that is done with its tx')))),
    close: async () => {
      // The writer last: who closes last brings the log into the file, and a reader cannot.
      await reading.close();
      await writing.close();
    },
  });
};

interface Opened {
  kind: Db['kind'];
  read: Tx;
  begin: <T>(carryOut: Carry<T>) => Promise<T>;
  close: () => Promise<void>;
}

/** Reading past an open write would show the past, and on one connection wait for ever: it is refused. */
const joined = ({ kind, read, begin, close }: Opened): Db => {
  const open = new AsyncLocalStorage<{ readonly tx: Tx; readonly after: (() => void)[] }>();
  const listeners: (() => void)[] = [];
  return {
    kind,
    read: read.withPlugin(refuse(() => open.getStore() !== undefined, 'Inside a write, ask its tx')),
    write: async (carryOut) => {
      const joining = open.getStore();
      if (joining) return carryOut(joining.tx);
      const after: (() => void)[] = [];
      const value = await begin((tx) => open.run({ tx, after }, () => carryOut(tx)));
      for (const listener of [...after, ...listeners]) listener();
      return value;
    },
    onCommit: (listener) => void listeners.push(listener),
    afterCommit: (work) => {
      const joined = open.getStore();
      if (!joined) throw new Error('afterCommit belongs inside a write');
      joined.after.push(work);
    },
    close,
  };
};

const refuse = (isRefused: () => boolean, message: string): KyselyPlugin => ({
  transformQuery: ({ node }) => {
    if (isRefused()) throw new Error(message);
    return node;
  },
  transformResult: async ({ result }) => result,
});

/** The name or key that a unique index refused, in either database's words. */
export const isDuplicate = (reason: unknown): boolean => {
  const { code, errcode } = reason as { code?: string; errcode?: number };
  return code === '23505' || errcode === 2067 || errcode === 1555;
};

/** Runs an insert, and says what is doubled in words where a unique index refuses it. */
export const orConflict = async <T>(insert: Promise<T>, message: string, details: Record<string, unknown> = {}): Promise<T> => {
  try {
    return await insert;
  } catch (reason) {
    if (isDuplicate(reason)) throw new AppError('conflict', message, { reason: 'already_exists', details, cause: reason });
    throw reason;
  }
};
