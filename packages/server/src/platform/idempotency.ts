import { createHash } from 'node:crypto';
import { AppError, canonicalJson } from '@boucle/contract';
import type { Clock } from './clock.ts';
import type { Tx } from './db/index.ts';

interface IdempotencyRow {
  project_id: string;
  route: string;
  key: string;
  fingerprint: string;
  answer: string;
  created_at: string;
}
export interface Once {
  readonly projectId: string;
  readonly route: string;
  /** The caller's `Idempotency-Key`; without one the operation is carried out. */
  readonly key: string | undefined;
  /** What was asked: the same key with another question is refused. */
  readonly asked: unknown;
}

/** Carries an operation out at most once for a key, in the write that does its work; a repeat gets the first answer. */
export const once = async <T>(tx: Tx, { projectId, route, key, asked }: Once, clock: Clock, carryOut: () => Promise<T>): Promise<T> => {
  if (key === undefined) return carryOut();
  const rows = tx.withTables<{ idempotency_key: IdempotencyRow }>();
  const fingerprint = createHash('sha256').update(canonicalJson(asked)).digest('hex');
  // The row is written first: of two at once, the other waits here until this write has ended.
  const taken = await rows
    .insertInto('idempotency_key')
    .values({ project_id: projectId, route, key, fingerprint, answer: '', created_at: clock.now().toISOString() })
    .onConflict((c) => c.columns(['project_id', 'route', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst();
  if (!taken) {
    const before = await rows
      .selectFrom('idempotency_key')
      .selectAll()
      .where('project_id', '=', projectId)
      .where('route', '=', route)
      .where('key', '=', key)
      .executeTakeFirstOrThrow();
    if (before.fingerprint === fingerprint) return JSON.parse(before.answer) as T;
    throw new AppError('conflict', `Idempotency-Key "${key}" was used for another request: use a new one`, {
      reason: 'idempotency_key_reused',
    });
  }
  const answer = await carryOut();
  await rows
    .updateTable('idempotency_key')
    .set({ answer: JSON.stringify(answer) })
    .where('project_id', '=', projectId)
    .where('route', '=', route)
    .where('key', '=', key)
    .execute();
  return answer;
};
