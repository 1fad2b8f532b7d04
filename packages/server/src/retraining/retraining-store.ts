import { notFound, type Paging, type Retraining, type RetrainingRows } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import { decodeCursor, pageOf, type Tx } from '../platform/index.ts';
import type { Faults } from './causes.ts';

export interface RetrainingRow {
  id: string;
  project_id: string;
  monitor: string;
  endpoint: string;
  pipeline: string;
  cause: string;
  because: string;
  status: Retraining['status'];
  flight: string | null;
  reason: string | null;
  message: string | null;
  labels_until: number | null;
  rows: string | null;
  dataset_version: string | null;
  pipeline_run_id: string | null;
  model: string | null;
  model_version: number | null;
  rollout_id: string | null;
  asked_at: string;
  asked_by: string;
  started_at: string | null;
  ended_at: string | null;
  correlation_id: string;
}
interface ReadingRow {
  project_id: string;
  seq: number;
  faults: string;
}
type Tables = {
  retraining: RetrainingRow;
  retraining_reading: ReadingRow;
  project: { id: string; name: string; manifest_id: string | null };
};

export const retrainingOf = (r: RetrainingRow, project: string): Retraining => ({
  id: r.id,
  project,
  monitor: r.monitor,
  endpoint: r.endpoint,
  pipeline: r.pipeline,
  because: r.because,
  status: r.status,
  reason: r.reason,
  message: r.message,
  rows: r.rows === null ? null : (JSON.parse(r.rows) as RetrainingRows),
  datasetVersion: r.dataset_version === null ? null : (JSON.parse(r.dataset_version) as Retraining['datasetVersion']),
  pipelineRunId: r.pipeline_run_id,
  version: r.model === null || r.model_version === null ? null : { model: r.model, number: r.model_version },
  rolloutId: r.rollout_id,
  askedAt: r.asked_at,
  askedBy: r.asked_by,
  startedAt: r.started_at,
  endedAt: r.ended_at,
  correlationId: r.correlation_id,
});

export const retrainingStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  return {
    /** Those whose news may hold causes. */
    projects: (): Promise<ProjectRef[]> => db.selectFrom('project').select(['id', 'name']).where('manifest_id', 'is not', null).execute(),
    project: (id: string): Promise<ProjectRef> =>
      db.selectFrom('project').select(['id', 'name']).where('id', '=', id).executeTakeFirstOrThrow(),
    /** The project's retrainings wait for this write's end, so that two never begin at once. */
    lock: async (projectId: string): Promise<void> => {
      await db
        .updateTable('project')
        .set((eb) => ({ name: eb.ref('name') }))
        .where('id', '=', projectId)
        .execute();
    },
    reading: async (projectId: string): Promise<{ seq: number; faults: Faults }> => {
      const row = await db.selectFrom('retraining_reading').selectAll().where('project_id', '=', projectId).executeTakeFirst();
      return row ? { seq: row.seq, faults: JSON.parse(row.faults) as Faults } : { seq: 0, faults: {} };
    },
    /** False where another server has read on meanwhile. */
    readOn: async (projectId: string, from: number, to: { seq: number; faults: Faults }): Promise<boolean> => {
      const row = { project_id: projectId, seq: to.seq, faults: JSON.stringify(to.faults) };
      if (from === 0) {
        const begun = await db
          .insertInto('retraining_reading')
          .values(row)
          .onConflict((c) => c.column('project_id').doNothing())
          .returning('seq')
          .executeTakeFirst();
        if (begun) return true;
      }
      const { numUpdatedRows } = await db
        .updateTable('retraining_reading')
        .set({ seq: row.seq, faults: row.faults })
        .where('project_id', '=', projectId)
        .where('seq', '=', from)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    /** Nothing where the cause was asked about before. */
    ask: async (row: RetrainingRow): Promise<boolean> => {
      const added = await db
        .insertInto('retraining')
        .values(row)
        .onConflict((c) => c.columns(['project_id', 'monitor', 'cause']).doNothing())
        .returning('id')
        .executeTakeFirst();
      return added !== undefined;
    },
    /** False where it stands elsewhere by now. */
    move: async ({ id, status }: RetrainingRow, change: Partial<RetrainingRow>): Promise<boolean> => {
      const { numUpdatedRows } = await db
        .updateTable('retraining')
        .set(change)
        .where('id', '=', id)
        .where('status', '=', status)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    /** What has not come to an end, oldest first. */
    open: (projectId: string): Promise<RetrainingRow[]> =>
      db.selectFrom('retraining').selectAll().where('project_id', '=', projectId).where('ended_at', 'is', null).orderBy('id').execute(),
    find: async (project: ProjectRef, id: string): Promise<RetrainingRow> => {
      const row = await db
        .selectFrom('retraining')
        .selectAll()
        .where('project_id', '=', project.id)
        .where('id', '=', id)
        .executeTakeFirst();
      if (!row) throw notFound('retraining', id);
      return row;
    },
    inFlight: async (projectId: string, pipeline: string): Promise<string | null> =>
      (await db.selectFrom('retraining').select('id').where('project_id', '=', projectId).where('flight', '=', pipeline).executeTakeFirst())
        ?.id ?? null,
    /** When those of a pipeline began, newest first; as many as a budget can ask for. */
    started: async (projectId: string, pipeline: string): Promise<Date[]> => {
      const rows = await db
        .selectFrom('retraining')
        .select('started_at')
        .where('project_id', '=', projectId)
        .where('pipeline', '=', pipeline)
        .where('started_at', 'is not', null)
        .orderBy('started_at', 'desc')
        .limit(10_000)
        .execute();
      return rows.map((row) => new Date(row.started_at!));
    },
    /** Up to where the labels of an endpoint went into a dataset version. */
    labelsUntil: async (projectId: string, endpoint: string): Promise<number> => {
      const row = await db
        .selectFrom('retraining')
        .select((eb) => eb.fn.max('labels_until').as('until'))
        .where('project_id', '=', projectId)
        .where('endpoint', '=', endpoint)
        .where('dataset_version', 'is not', null)
        .executeTakeFirst();
      return Number(row?.until ?? 0);
    },
    list: async (project: ProjectRef, { limit, cursor, monitor }: Paging & { monitor?: string }) => {
      let query = db
        .selectFrom('retraining')
        .selectAll()
        .where('project_id', '=', project.id)
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (monitor !== undefined) query = query.where('monitor', '=', monitor);
      if (cursor !== undefined) query = query.where('id', '<', decodeCursor(cursor, ['string'])[0]);
      return pageOf(await query.execute(), limit, { item: (row) => retrainingOf(row, project.name), at: ({ id }) => [id] });
    },
  };
};
