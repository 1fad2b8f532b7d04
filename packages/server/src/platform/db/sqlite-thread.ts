import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

export type Ask = readonly [id: number, sql: string, params: readonly SQLInputValue[]];
export type Problem = { readonly message: string; readonly errcode?: number };
export type Told = readonly [id: number, rows: readonly object[], changes: number] | readonly [id: number, problem: Problem];

/** One connection with a thread to itself: neither an fsync nor a slow query stops the thread that answers requests. */
const { file, readOnly } = workerData as { file: string; readOnly: boolean };
const db = new DatabaseSync(file, { readOnly, timeout: 5000 });
db.exec(
  readOnly
    ? 'pragma query_only = on; pragma cache_size = -16000'
    : 'pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -16000',
);

/** Statements are kept ready by their text, the least recently used go first. */
const prepared = new Map<string, StatementSync>();
const prepare = (sql: string): StatementSync => {
  const statement = prepared.get(sql) ?? db.prepare(sql);
  prepared.delete(sql);
  prepared.set(sql, statement);
  if (prepared.size > 500) prepared.delete(prepared.keys().next().value!);
  return statement;
};

/** Answers that wait together leave together: one message for a burst costs a fraction of one each. */
let answers: Told[] = [];
const tell = (told: Told): void => {
  if (answers.push(told) === 1) setImmediate(flush);
};
const flush = (): void => {
  parentPort!.postMessage(answers);
  answers = [];
};

/** Whole numbers beyond 2^53 come as bigints: node:sqlite refuses them, and only then is asked again. What writes is not carried out twice. */
const rowsOf = (statement: StatementSync, sql: string, params: readonly SQLInputValue[]): object[] => {
  try {
    return statement.all(...params);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_OUT_OF_RANGE' || !/^\s*(select|with)\b/i.test(sql)) throw error;
    statement.setReadBigInts(true);
    try {
      return statement.all(...params).map(withNumbers);
    } finally {
      statement.setReadBigInts(false);
    }
  }
};
const withNumbers = (row: object): object =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]: [string, unknown]) => {
      const isExact = typeof value === 'bigint' && Number.isSafeInteger(Number(value));
      return [name, isExact ? Number(value) : value];
    }),
  );

const carryOut = ([id, sql, params]: Ask): Told => {
  try {
    const statement = prepare(sql);
    if (statement.columns().length > 0) return [id, rowsOf(statement, sql, params), 0];
    return [id, [], Number(statement.run(...params).changes)];
  } catch (error) {
    const { message, errcode } = error as Error & { errcode?: number };
    return [id, { message, ...(errcode !== undefined && { errcode }) }];
  }
};

parentPort!.on('message', (asks: readonly Ask[]) => {
  for (const ask of asks) tell(carryOut(ask));
  // A commit's answer must not wait for the next turn.
  if (answers.length > 0) flush();
});
