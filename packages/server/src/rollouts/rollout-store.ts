import type { Paging, Rollout } from '@boucle/contract';
import { decodeCursor, pageOf, type Tx } from '../platform/index.ts';
import type { RolloutChange, RolloutRecord } from './rollout-record.ts';

interface RolloutRow {
  id: string;
  project_id: string;
  project: string;
  endpoint: string;
  number: number;
  kind: Rollout['kind'];
  candidate: string;
  baseline: string | null;
  alias: string | null;
  policy: string;
  gates: string | null;
  approval_id: string | null;
  status: Rollout['status'];
  message: string;
  control: string;
  comparison: string;
  pending: string;
  evidence: number;
  digest: string;
  chunks: number;
  verdicts: number;
  log_cursor: string | null;
  label_cursor: number;
  routes: string;
  revision: number;
  flight: string | null;
  started_at: string;
  started_by: string;
  ended_at: string | null;
  correlation_id: string;
}

const parsed = <T>(text: string | null): T => JSON.parse(text ?? 'null') as T;
const recordOf = (r: RolloutRow): RolloutRecord => ({
  id: r.id,
  project: { id: r.project_id, name: r.project },
  endpoint: r.endpoint,
  number: r.number,
  kind: r.kind,
  candidate: parsed(r.candidate),
  baseline: parsed(r.baseline),
  alias: r.alias,
  startedAt: r.started_at,
  startedBy: r.started_by,
  correlationId: r.correlation_id,
  policy: parsed(r.policy),
  revision: r.revision,
  gates: parsed(r.gates),
  approvalId: r.approval_id,
  status: r.status,
  message: r.message,
  control: parsed(r.control),
  comparison: parsed(r.comparison),
  pending: parsed(r.pending),
  digest: r.digest,
  chunks: r.chunks,
  verdicts: r.verdicts,
  logCursor: parsed(r.log_cursor),
  labelCursor: r.label_cursor,
  routes: parsed(r.routes),
  endedAt: r.ended_at,
});
const jsonOrNull = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
/** The columns that change. */
const changing = (r: RolloutRecord) => ({
  gates: jsonOrNull(r.gates),
  approval_id: r.approvalId,
  status: r.status,
  message: r.message,
  control: JSON.stringify(r.control),
  comparison: JSON.stringify(r.comparison),
  pending: JSON.stringify(r.pending),
  evidence: r.comparison.seq,
  digest: r.digest,
  chunks: r.chunks,
  verdicts: r.verdicts,
  log_cursor: jsonOrNull(r.logCursor),
  label_cursor: r.labelCursor,
  routes: JSON.stringify(r.routes),
  flight: r.endedAt === null ? r.endpoint : null,
  ended_at: r.endedAt,
});

export const rolloutStore = (tx: Tx) => {
  const db = tx.withTables<{ rollout: RolloutRow }>();
  const of = (projectId: string) => db.selectFrom('rollout').selectAll().where('project_id', '=', projectId);
  return {
    insert: async (r: RolloutRecord): Promise<void> => {
      await db
        .insertInto('rollout')
        .values({
          id: r.id,
          project_id: r.project.id,
          project: r.project.name,
          endpoint: r.endpoint,
          number: r.number,
          kind: r.kind,
          candidate: JSON.stringify(r.candidate),
          baseline: jsonOrNull(r.baseline),
          alias: r.alias,
          policy: JSON.stringify(r.policy),
          revision: r.revision,
          started_at: r.startedAt,
          started_by: r.startedBy,
          correlation_id: r.correlationId,
          ...changing(r),
        })
        .execute();
    },
    /** Locked until the write ends. False where somebody else changed it since it was read. */
    fence: async ({ id, revision }: RolloutRecord): Promise<boolean> => {
      const done = await db
        .updateTable('rollout')
        .set({ revision: revision + 1 })
        .where('id', '=', id)
        .where('revision', '=', revision)
        .returning('id')
        .executeTakeFirst();
      return done !== undefined;
    },
    /** Behind the fence. */
    change: async (record: RolloutRecord, change: RolloutChange): Promise<RolloutRecord> => {
      const next = { ...record, ...change, revision: record.revision + 1 };
      await db.updateTable('rollout').set(changing(next)).where('id', '=', record.id).execute();
      return next;
    },
    byId: async (id: string): Promise<RolloutRecord | undefined> => {
      const row = await db.selectFrom('rollout').selectAll().where('id', '=', id).executeTakeFirst();
      return row && recordOf(row);
    },
    find: async (projectId: string, id: string): Promise<RolloutRecord | undefined> => {
      const row = await of(projectId).where('id', '=', id).executeTakeFirst();
      return row && recordOf(row);
    },
    active: async (projectId: string, endpoint: string): Promise<RolloutRecord | undefined> => {
      const row = await of(projectId).where('flight', '=', endpoint).executeTakeFirst();
      return row && recordOf(row);
    },
    /** All that run. */
    running: async (): Promise<{ id: string; project: string; endpoint: string }[]> =>
      db.selectFrom('rollout').select(['id', 'project', 'endpoint']).where('flight', 'is not', null).orderBy('id').execute(),
    lastNumber: async (projectId: string, endpoint: string): Promise<number> => {
      const row = await db
        .selectFrom('rollout')
        .select((eb) => eb.fn.max('number').as('last'))
        .where('project_id', '=', projectId)
        .where('endpoint', '=', endpoint)
        .executeTakeFirst();
      return row?.last ?? 0;
    },
    /** Newest first. */
    list: async (projectId: string, { limit, cursor, endpoint }: Paging & { endpoint?: string }) => {
      let query = of(projectId)
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (endpoint !== undefined) query = query.where('endpoint', '=', endpoint);
      if (cursor !== undefined) query = query.where('id', '<', decodeCursor(cursor, ['string'])[0]);
      return pageOf(await query.execute(), limit, { item: recordOf, at: ({ id }) => [id] });
    },
  };
};
