import type { CacheKeyParts, Failure, StepArtifact, StepRun, StepStatus } from '@boucle/contract';
import type { Tx } from '../platform/index.ts';
import { decode, encode, type Stored } from './json-columns.ts';

export interface StepRunRow {
  id: string;
  project_id: string;
  pipeline_run_id: string;
  position: number;
  step: string;
  status: StepStatus;
  attempt: number;
  not_before: string | null;
  cache_key: string | null;
  key_parts: CacheKeyParts | null;
  uncached_because: 'effect' | 'never' | 'asked' | 'outputs_missing' | null;
  flight: string | null;
  cached_from: string | null;
  run_id: string | null;
  inputs: Record<string, readonly StepArtifact[]> | null;
  outputs: Record<string, StepArtifact>;
  failure: Failure | null;
  queued_at: string | null;
  started_at: string | null;
  ended_at: string | null;
}
const json = ['key_parts', 'inputs', 'outputs', 'failure'] as const;
type Tables = {
  step_run: Stored<StepRunRow, (typeof json)[number]>;
  pipeline_run: { id: string; pipeline: string; reproduces: string | null };
};

export const stepRunOf = (s: StepRunRow, project: string, progress: StepRun['progress'] = null): StepRun => ({
  id: s.id,
  project,
  pipelineRunId: s.pipeline_run_id,
  step: s.step,
  status: s.status,
  attempt: s.attempt,
  cacheKey: s.cache_key,
  cachedFrom: s.cached_from,
  runId: s.run_id,
  outputs: s.outputs,
  failure: s.failure,
  progress,
  queuedAt: s.queued_at,
  startedAt: s.started_at,
  endedAt: s.ended_at,
});

export const stepRunStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  const fromRow = (row: object): StepRunRow => decode(row, json);
  return {
    insert: async (rows: readonly StepRunRow[]): Promise<void> => {
      await db
        .insertInto('step_run')
        .values(rows.map((row) => encode(row, json)))
        .execute();
    },
    /** In the order of the plan. */
    of: async (pipelineRunId: string): Promise<StepRunRow[]> =>
      (await db.selectFrom('step_run').selectAll().where('pipeline_run_id', '=', pipelineRunId).orderBy('position').execute()).map(fromRow),
    find: async (id: string, projectId?: string): Promise<StepRunRow | undefined> => {
      const row = await db
        .selectFrom('step_run')
        .selectAll()
        .where('id', '=', id)
        .$if(projectId !== undefined, (q) => q.where('project_id', '=', projectId!))
        .executeTakeFirst();
      return row && fromRow(row);
    },
    /** Changes a step that is still as it was seen: same status, same attempt. False where somebody was quicker. */
    move: async (seen: Pick<StepRunRow, 'id' | 'status' | 'attempt'>, change: Partial<StepRunRow>): Promise<boolean> => {
      const { numUpdatedRows } = await db
        .updateTable('step_run')
        .set(encode(change, json))
        .where('id', '=', seen.id)
        .where('status', '=', seen.status)
        .where('attempt', '=', seen.attempt)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    /** The newest earlier run of the same step that got as far as a key. */
    earlier: async (projectId: string, { step, pipeline, before }: { step: string; pipeline: string; before: string }) => {
      const row = await db
        .selectFrom('step_run')
        .innerJoin('pipeline_run', 'pipeline_run.id', 'step_run.pipeline_run_id')
        .select(['step_run.id', 'step_run.key_parts', 'step_run.cache_key'])
        .where('step_run.project_id', '=', projectId)
        .where('step_run.step', '=', step)
        .where('pipeline_run.pipeline', '=', pipeline)
        .where('step_run.id', '<', before)
        .where('step_run.key_parts', 'is not', null)
        .where('pipeline_run.reproduces', 'is', null)
        .orderBy('step_run.id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row && { id: row.id, key: row.cache_key!, parts: JSON.parse(row.key_parts!) as CacheKeyParts };
    },
    /** Those whose attempts died with the server. */
    underWay: async (): Promise<StepRunRow[]> =>
      (await db.selectFrom('step_run').selectAll().where('status', 'in', ['queued', 'running']).execute()).map(fromRow),
  };
};
