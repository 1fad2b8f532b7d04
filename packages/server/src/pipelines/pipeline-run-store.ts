import type { Paging, PipelineRun, PipelineRunSummary, Plan, StepArtifact } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import { decodeCursor, pageOf, type Tx } from '../platform/index.ts';
import { decode, encode, type Stored } from './json-columns.ts';

export interface PipelineRunRow {
  id: string;
  project_id: string;
  pipeline: string;
  number: number;
  status: PipelineRun['status'];
  manifest_id: string;
  plan: Plan;
  params: Record<string, unknown>;
  inputs: Record<string, PipelineRun['inputs'][string] & { artifact: StepArtifact }>;
  salt: string;
  use_cache: number;
  /** The step run that is carried out once more, for a reproduction. */
  reproduces: string | null;
  run_id: string | null;
  outputs: Record<string, unknown>;
  started_at: string;
  ended_at: string | null;
  started_by: string;
  correlation_id: string;
}
const json = ['plan', 'params', 'inputs', 'outputs'] as const;
type Tables = { pipeline_run: Stored<PipelineRunRow, (typeof json)[number]>; project: { id: string; name: string } };

export interface PipelineRunQuery extends Paging {
  readonly pipeline?: string;
}

const summary = ['id', 'pipeline', 'number', 'status', 'started_at', 'ended_at', 'correlation_id'] as const;
export const summaryOf = (r: Pick<PipelineRunRow, (typeof summary)[number]>, project: string): PipelineRunSummary => ({
  id: r.id,
  project,
  pipeline: r.pipeline,
  number: r.number,
  status: r.status,
  startedAt: r.started_at,
  endedAt: r.ended_at,
  correlationId: r.correlation_id,
});

export const pipelineRunStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  return {
    insert: async (row: PipelineRunRow): Promise<void> => {
      await db.insertInto('pipeline_run').values(encode(row, json)).execute();
    },
    /** The project waits for this write's end, so that no two runs get one number. */
    nextNumber: async (projectId: string, pipeline: string): Promise<number> => {
      await db
        .updateTable('project')
        .set((eb) => ({ name: eb.ref('name') }))
        .where('id', '=', projectId)
        .execute();
      const last = await db
        .selectFrom('pipeline_run')
        .select('number')
        .where('project_id', '=', projectId)
        .where('pipeline', '=', pipeline)
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst();
      return (last?.number ?? 0) + 1;
    },
    find: async (id: string, projectId?: string): Promise<PipelineRunRow | undefined> => {
      const row = await db
        .selectFrom('pipeline_run')
        .selectAll()
        .where('id', '=', id)
        .$if(projectId !== undefined, (q) => q.where('project_id', '=', projectId!))
        .executeTakeFirst();
      return row && decode<PipelineRunRow>(row, json);
    },
    projectOf: async (projectId: string): Promise<{ id: string; name: string }> =>
      db.selectFrom('project').select(['id', 'name']).where('id', '=', projectId).executeTakeFirstOrThrow(),
    active: async (): Promise<string[]> =>
      (await db.selectFrom('pipeline_run').select('id').where('status', '=', 'running').orderBy('id').execute()).map(({ id }) => id),
    /** Newest first. */
    list: async (project: ProjectRef, { limit, cursor, pipeline }: PipelineRunQuery) => {
      let query = db
        .selectFrom('pipeline_run')
        .select(summary)
        .where('project_id', '=', project.id)
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (pipeline !== undefined) query = query.where('pipeline', '=', pipeline);
      if (cursor !== undefined) query = query.where('id', '<', decodeCursor(cursor, ['string'])[0]);
      return pageOf(await query.execute(), limit, { item: (row) => summaryOf(row, project.name), at: ({ id }) => [id] });
    },
    end: async (
      id: string,
      change: { status: PipelineRunRow['status']; ended_at: string; outputs: PipelineRunRow['outputs'] },
    ): Promise<boolean> => {
      const { numUpdatedRows } = await db
        .updateTable('pipeline_run')
        .set({ ...change, outputs: JSON.stringify(change.outputs) })
        .where('id', '=', id)
        .where('status', '=', 'running')
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
};
