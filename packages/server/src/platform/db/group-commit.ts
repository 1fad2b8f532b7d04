import { AppError } from '@boucle/contract';
import { CompiledQuery, type DatabaseConnection } from 'kysely';

/** Told whether its operation is still under way: one that was given up must not write into its neighbours' transaction. */
export type Operation<T> = (isOpen: () => boolean) => Promise<T>;
interface Waiting {
  carryOut: Operation<unknown>;
  resolve: (value: never) => void;
  reject: (reason: unknown) => void;
}

/** SQLite's codes for a file that is not, or no longer, a database. */
const damage = new Set([11, 26]);
/** SQLite's codes for a disk that is full, cannot be written, or fails: the data is safe, the caller may come back. */
const storageFaults: Readonly<Record<number, string>> = { 13: 'disk_full', 8: 'read_only', 10: 'disk_error' };
export const asStorageFault = (reason: unknown): unknown => {
  const code = ((reason as { errcode?: number }).errcode ?? 0) & 0xff;
  if (damage.has(code)) {
    return new AppError(
      'failed_precondition',
      'The database file is damaged, or is none: move it away and restore a backup; nothing was written to it',
      { reason: 'damaged_database', cause: reason },
    );
  }
  const fault = storageFaults[code];
  if (!fault) return reason;
  return new AppError(
    'unavailable',
    `The database cannot write (${fault.replace('_', ' ')}): make room in the data directory, then try again`,
    { reason: fault, cause: reason },
  );
};

/**
 * Group commit: operations that wait together become savepoints of one transaction and are answered after its one fsync.
 * An operation that takes longer than `patienceMs` would hold up all behind it: it is undone and refused.
 */
export const groupCommits = (connection: DatabaseConnection, { patienceMs = 10_000 } = {}) => {
  const queue: Waiting[] = [];
  let running = false;
  const ask = (sql: string) => connection.executeQuery(CompiledQuery.raw(sql));
  /** Not awaited: the thread keeps the order, and the commit that follows fails if this did. */
  const tell = (sql: string) => void ask(sql).catch(() => {});

  const commitGroup = async (): Promise<void> => {
    const answers: (() => void)[] = [];
    const group: Waiting[] = [];
    try {
      await ask('begin immediate');
    } catch (reason) {
      for (const { reject } of queue.splice(0)) reject(asStorageFault(reason));
      return;
    }
    try {
      while (queue.length > 0 && group.length < 1000) {
        const operation = queue.shift()!;
        group.push(operation);
        tell('savepoint operation');
        try {
          const value = await within(patienceMs, operation.carryOut);
          answers.push(() => operation.resolve(value as never));
        } catch (reason) {
          answers.push(() => operation.reject(asStorageFault(reason)));
          // SQLite may have given up the whole transaction, as on a full disk: what followed would be written outside of it.
          await ask('rollback to operation').catch(() => {
            throw reason;
          });
        }
        tell('release operation');
      }
      await ask('commit');
      for (const answer of answers) answer();
    } catch (reason) {
      tell('rollback');
      for (const { reject } of group) reject(asStorageFault(reason));
    }
  };

  return <T>(carryOut: Operation<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      queue.push({ carryOut, resolve: resolve as (value: never) => void, reject });
      if (running) return;
      running = true;
      void (async () => {
        while (queue.length > 0) {
          await commitGroup();
          await new Promise(setImmediate);
        }
        running = false;
      })();
    });
};

const within = async <T>(ms: number, carryOut: Operation<T>): Promise<T> => {
  let open = true;
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`A write took longer than ${ms} ms: no network and no blobs inside one`)), ms);
  });
  try {
    return await Promise.race([carryOut(() => open), tooLong]);
  } finally {
    open = false;
    clearTimeout(timer);
  }
};
