import type { ProjectRef } from '../../governance/index.ts';
import type { Tx } from '../../platform/index.ts';

export interface TriggerRow {
  id: string;
  project_id: string;
  pipeline: string;
  name: string;
  spec: string;
  next_due: string | null;
  seen: number | null;
  passed_over: number;
  created_at: string;
}
export interface FiringRow {
  id: string;
  project_id: string;
  pipeline: string;
  trigger_name: string;
  cause: string;
  due: string | null;
  params: string;
  inputs: string;
  status: 'waiting' | 'started' | 'failed';
  pipeline_run_id: string | null;
  message: string | null;
  created_at: string;
}
type Tables = {
  pipeline_trigger: TriggerRow;
  trigger_firing: FiringRow;
  project: { id: string; name: string; manifest_id: string | null };
};

export const triggerStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  return {
    /** Projects that have a manifest, and so may have triggers. */
    projects: (): Promise<ProjectRef[]> => db.selectFrom('project').select(['id', 'name']).where('manifest_id', 'is not', null).execute(),
    project: (id: string): Promise<ProjectRef> =>
      db.selectFrom('project').select(['id', 'name']).where('id', '=', id).executeTakeFirstOrThrow(),
    of: (projectId: string): Promise<TriggerRow[]> =>
      db.selectFrom('pipeline_trigger').selectAll().where('project_id', '=', projectId).orderBy('pipeline').orderBy('name').execute(),
    add: async (row: TriggerRow): Promise<void> => {
      await db
        .insertInto('pipeline_trigger')
        .values(row)
        .onConflict((c) => c.columns(['project_id', 'pipeline', 'spec']).doNothing())
        .execute();
    },
    rename: async (id: string, name: string): Promise<void> => {
      await db.updateTable('pipeline_trigger').set({ name }).where('id', '=', id).execute();
    },
    remove: async (id: string): Promise<void> => {
      await db.deleteFrom('pipeline_trigger').where('id', '=', id).execute();
    },
    /** False where another server has moved it since it was read. */
    move: async (
      { id, next_due, seen }: TriggerRow,
      to: { next_due?: string | null; seen?: number; passedOver: number },
    ): Promise<boolean> => {
      const { passedOver, ...change } = to;
      const { numUpdatedRows } = await db
        .updateTable('pipeline_trigger')
        .set((eb) => ({ ...change, passed_over: eb('passed_over', '+', passedOver) }))
        .where('id', '=', id)
        .where('next_due', next_due === null ? 'is' : '=', next_due)
        .where('seen', seen === null ? 'is' : '=', seen)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    /** False where this pipeline had this cause before. */
    fire: async (row: FiringRow): Promise<boolean> => {
      const added = await db
        .insertInto('trigger_firing')
        .values(row)
        .onConflict((c) => c.columns(['project_id', 'pipeline', 'cause']).doNothing())
        .returning('id')
        .executeTakeFirst();
      return added !== undefined;
    },
    waiting: (projectId: string): Promise<FiringRow[]> =>
      db
        .selectFrom('trigger_firing')
        .selectAll()
        .where('project_id', '=', projectId)
        .where('status', '=', 'waiting')
        .orderBy('id')
        .limit(100)
        .execute(),
    settle: async (id: string, to: Pick<FiringRow, 'status' | 'pipeline_run_id' | 'message'>): Promise<void> => {
      await db.updateTable('trigger_firing').set(to).where('id', '=', id).where('status', '=', 'waiting').execute();
    },
    /** What became of these causes. */
    firings: (projectId: string, pipeline: string, causes: readonly string[]): Promise<FiringRow[]> =>
      causes.length === 0
        ? Promise.resolve([])
        : db
            .selectFrom('trigger_firing')
            .selectAll()
            .where('project_id', '=', projectId)
            .where('pipeline', '=', pipeline)
            .where('cause', 'in', causes)
            .execute(),
    /** The newest of each trigger. */
    last: async (projectId: string): Promise<FiringRow[]> =>
      db
        .selectFrom('trigger_firing')
        .selectAll()
        .where('id', 'in', (eb) =>
          eb
            .selectFrom('trigger_firing')
            .select((one) => one.fn.max('id').as('id'))
            .where('project_id', '=', projectId)
            .groupBy(['pipeline', 'trigger_name']),
        )
        .execute(),
  };
};
