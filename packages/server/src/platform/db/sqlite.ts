import { Worker } from 'node:worker_threads';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Ask, Told } from './sqlite-thread.ts';

export interface SqliteThread extends DatabaseConnection {
  close(): Promise<void>;
}

/** A connection that lives in a thread. Statements are carried out in the order they are asked. */
export const openThread = (file: string, { readOnly }: { readOnly: boolean }): SqliteThread => {
  const worker = new Worker(new URL(`./sqlite-thread.${import.meta.url.split('.').pop()}`, import.meta.url), {
    workerData: { file, readOnly },
  });
  const waiting = new Map<number, { resolve: (result: QueryResult<never>) => void; reject: (reason: Error) => void }>();
  let asks: Ask[] = [];
  let asked = 0;
  let ended: Error | undefined;

  const take = (told: Told): void => {
    const [id, said, changes = 0] = told;
    const { resolve, reject } = waiting.get(id)!;
    waiting.delete(id);
    if ('message' in said) reject(Object.assign(new Error(said.message), said));
    else resolve({ rows: said as never[], numAffectedRows: BigInt(changes) });
  };
  const end = (reason: Error): void => {
    ended = reason;
    for (const { reject } of waiting.values()) reject(reason);
    waiting.clear();
  };
  worker.on('message', (told: readonly Told[]) => told.forEach(take));
  worker.on('error', end);
  worker.on('exit', () => end(ended ?? new Error('The database was closed')));

  return {
    executeQuery: <R>({ sql, parameters }: CompiledQuery) =>
      new Promise<QueryResult<R>>((resolve, reject) => {
        if (ended) return reject(ended);
        waiting.set(++asked, { resolve: resolve as (result: QueryResult<never>) => void, reject });
        if (asks.push([asked, sql, parameters as never[]]) > 1) return;
        queueMicrotask(() => {
          worker.postMessage(asks);
          asks = [];
        });
      }),
    streamQuery: () => {
      throw new Error('SQLite answers whole results: page instead');
    },
    close: async () => {
      await worker.terminate();
    },
  };
};

/** Connections for reading, so that one slow query holds up few others. A thread takes 12 MB, so each comes once those before it are all busy. */
export const openReaders = (file: string, most: number): SqliteThread => {
  const busy = new Map<SqliteThread, number>();
  const another = (): void => void busy.set(openThread(file, { readOnly: true }), 0);
  another();
  let isClosed = false;
  /** Who finds all busy waits for one of them, which is sooner there than a new one is. */
  const idlest = (): SqliteThread => {
    const [thread, asked] = [...busy].reduce((a, b) => (b[1] < a[1] ? b : a));
    if (asked > 0 && busy.size < most && !isClosed) another();
    return thread;
  };
  return {
    executeQuery: async <R>(query: CompiledQuery) => {
      const thread = idlest();
      busy.set(thread, busy.get(thread)! + 1);
      try {
        return await thread.executeQuery<R>(query);
      } finally {
        busy.set(thread, busy.get(thread)! - 1);
      }
    },
    streamQuery: (query) => [...busy.keys()][0]!.streamQuery(query, 1),
    close: async () => {
      isClosed = true;
      await Promise.all([...busy.keys()].map((thread) => thread.close()));
    },
  };
};

/** Kysely over one connection, whose transactions are somebody else's business. */
export const dialectOver = (connection: SqliteThread): Dialect => {
  const ours = () => Promise.reject(new Error('Transactions are opened by write()'));
  return {
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createDriver: () => ({
      init: async () => {},
      acquireConnection: async () => connection,
      releaseConnection: async () => {},
      beginTransaction: ours,
      commitTransaction: ours,
      rollbackTransaction: ours,
      destroy: async () => {},
    }),
  };
};
