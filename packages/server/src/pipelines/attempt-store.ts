import type { Failure } from '@boucle/contract';
import type { Tx } from '../platform/index.ts';
import { decode, encode, type Stored } from './json-columns.ts';

interface AttemptRow {
  step_run_id: string;
  number: number;
  status: 'running' | 'succeeded' | 'failed' | 'cancelled' | 'lost';
  run_id: string | null;
  started_at: string;
  ended_at: string | null;
  failure: Failure | null;
}
const json = ['failure'] as const;
type Tables = { attempt: Stored<AttemptRow, (typeof json)[number]> };

export const attemptStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  return {
    begin: async (row: Pick<AttemptRow, 'step_run_id' | 'number' | 'run_id' | 'started_at'>): Promise<void> => {
      await db
        .insertInto('attempt')
        .values({ ...row, status: 'running', ended_at: null, failure: null })
        .execute();
    },
    end: async (id: string, number: number, change: Pick<AttemptRow, 'status' | 'ended_at' | 'failure' | 'run_id'>): Promise<void> => {
      await db
        .updateTable('attempt')
        .set(encode(change, json))
        .where('step_run_id', '=', id)
        .where('number', '=', number)
        .where('status', '=', 'running')
        .execute();
    },
    of: async (id: string): Promise<AttemptRow[]> =>
      (await db.selectFrom('attempt').selectAll().where('step_run_id', '=', id).orderBy('number').execute()).map((row) =>
        decode<AttemptRow>(row, json),
      ),
  };
};
