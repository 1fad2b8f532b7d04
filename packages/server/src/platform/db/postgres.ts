import { AppError } from '@boucle/contract';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import pg from 'pg';

/** As SQLite's thread gives them: a number where it is exact, else a bigint. */
const wideInteger = (text: string): number | bigint => {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
};
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => (oid === 20 ? wideInteger : pg.types.getTypeParser(oid, format as 'text')),
};

/** Connections whose faults are told as such: a database that is away for a moment is no bug of ours. */
export const postgresPool = (connectionString: string): PostgresPool => {
  const pool = new pg.Pool({ connectionString, max: 10, types: types as never });
  // An idle connection that breaks is replaced at its next use.
  pool.on('error', () => {});
  return {
    options: pool.options,
    connect: async () => {
      const client = await told(pool.connect());
      const query = (sql: string, parameters: unknown[]) => told(client.query(sql, parameters));
      return { query: query as unknown as PostgresPoolClient['query'], release: (destroy?: boolean) => client.release(destroy) };
    },
    end: () => pool.end(),
  };
};

const told = <T>(asked: Promise<T>): Promise<T> =>
  asked.catch((reason: unknown) => {
    throw asPostgresFault(reason);
  });

/** By the class of the SQLSTATE, the code of the socket, or where pg has neither, its words. */
const gone = /^(08|57P|53|E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NOTFOUND)$|EAI_)/;
const goneWords = /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;
/** Two writes that waited for each other, of which one was given up. */
const crossed = /^40(001|P01)$/;

export const asPostgresFault = (reason: unknown): unknown => {
  const { code = '', message = '' } = reason as { code?: string; message?: string };
  if (crossed.test(code))
    return new AppError('unavailable', 'Another write was at the same rows, and went first: try again', {
      reason: 'writes_crossed',
      cause: reason,
    });
  if (!gone.test(code) && !goneWords.test(message)) return reason;
  return new AppError(
    'unavailable',
    `The Postgres database cannot be asked (${message || code}): see that it runs and that the setting \`database\` is its address, then try again`,
    { reason: 'database_unreachable', cause: reason },
  );
};
