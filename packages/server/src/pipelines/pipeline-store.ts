import type { CacheKeyParts, Failure, PipelineRun, PipelineRunSummary, Plan, StepArtifact, StepRun, StepStatus } from '@boucle/contract';
import type { Tx } from '../platform/index.ts';

type Json<T> = T;
export interface RunRow {
  id: string;
  project_id: string;
  pipeline: string;
  number: number;
  status: PipelineRun['status'];
  manifest_id: string;
  plan: Json<Plan>;
  params: Json<Record<string, unknown>>;
  inputs: Json<Record<string, PipelineRun['inputs'][string] & { artifact: StepArtifact }>>;
  salt: string;
  use_cache: number;
  /** The step run that is carried out once more, for a reproduction. */
  reproduces: string | null;
  run_id: string | null;
  outputs: Json<Record<string, unknown>>;
  started_at: string;
  ended_at: string | null;
  started_by: string;
  correlation_id: string;
}
export interface StepRow {
  id: string;
  project_id: string;
  pipeline_run_id: string;
  position: number;
  step: string;
  status: StepStatus;
  attempt: number;
  not_before: string | null;
  cache_key: string | null;
  key_parts: Json<CacheKeyParts> | null;
  uncached_because: 'effect' | 'never' | 'asked' | 'outputs_missing' | null;
  flight: string | null;
  cached_from: string | null;
  run_id: string | null;
  inputs: Json<Record<string, readonly StepArtifact[]>> | null;
  outputs: Json<Record<string, StepArtifact>>;
  failure: Json<Failure> | null;
  queued_at: string | null;
  started_at: string | null;
  ended_at: string | null;
}
interface AttemptRow {
  step_run_id: string;
  number: number;
  status: 'running' | 'succeeded' | 'failed' | 'cancelled' | 'lost';
  run_id: string | null;
  started_at: string;
  ended_at: string | null;
  failure: Json<Failure> | null;
}
interface CacheRow {
  project_id: string;
  key: string;
  step_run_id: string;
  outputs: Json<Record<string, StepArtifact>>;
  created_at: string;
}

/** What lies in the tables: JSON as text. */
type Stored<Row, Keys extends keyof Row> = Omit<Row, Keys> & { [K in Keys]: null extends Row[K] ? string | null : string };
const runJson = ['plan', 'params', 'inputs', 'outputs'] as const;
const stepJson = ['key_parts', 'inputs', 'outputs', 'failure'] as const;
const attemptJson = ['failure'] as const;
const cacheJson = ['outputs'] as const;
type Tables = {
  pipeline_run: Stored<RunRow, (typeof runJson)[number]>;
  step_run: Stored<StepRow, (typeof stepJson)[number]>;
  attempt: Stored<AttemptRow, (typeof attemptJson)[number]>;
  cache_entry: Stored<CacheRow, (typeof cacheJson)[number]>;
  project: { id: string; name: string };
};

const encode = <Row extends object>(row: Row, keys: readonly string[]): never =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, keys.includes(key) && value !== null ? JSON.stringify(value) : value]),
  ) as never;
const decode = <Row>(row: object, keys: readonly string[]): Row =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      keys.includes(key) && value !== null ? (JSON.parse(value as string) as unknown) : value,
    ]),
  ) as Row;

export const summaryOf = (r: Omit<RunRow, 'plan' | 'params' | 'inputs' | 'outputs'>, project: string): PipelineRunSummary => ({
  id: r.id,
  project,
  pipeline: r.pipeline,
  number: r.number,
  status: r.status,
  startedAt: r.started_at,
  endedAt: r.ended_at,
  correlationId: r.correlation_id,
});
export const stepRunOf = (s: StepRow, project: string, progress: StepRun['progress'] = null): StepRun => ({
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

export const pipelineStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  const toRun = (row: object): RunRow => decode(row, runJson);
  const toStep = (row: object): StepRow => decode(row, stepJson);
  return {
    insertRun: async (run: RunRow, steps: readonly StepRow[]): Promise<void> => {
      await db.insertInto('pipeline_run').values(encode(run, runJson)).execute();
      await db
        .insertInto('step_run')
        .values(steps.map((step) => encode(step, stepJson)))
        .execute();
    },
    nextNumber: async (projectId: string, pipeline: string): Promise<number> => {
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
    findRun: async (id: string, projectId?: string): Promise<RunRow | undefined> => {
      const row = await db
        .selectFrom('pipeline_run')
        .selectAll()
        .where('id', '=', id)
        .$if(projectId !== undefined, (q) => q.where('project_id', '=', projectId!))
        .executeTakeFirst();
      return row && toRun(row);
    },
    projectOf: async (projectId: string): Promise<{ id: string; name: string }> =>
      db.selectFrom('project').select(['id', 'name']).where('id', '=', projectId).executeTakeFirstOrThrow(),
    activeRuns: async (): Promise<string[]> =>
      (await db.selectFrom('pipeline_run').select('id').where('status', '=', 'running').orderBy('id').execute()).map(({ id }) => id),
    listRuns: async (
      projectId: string,
      { limit, before, pipeline }: { limit: number; before?: string | undefined; pipeline?: string | undefined },
    ) =>
      db
        .selectFrom('pipeline_run')
        .select([
          'id',
          'project_id',
          'pipeline',
          'number',
          'status',
          'manifest_id',
          'salt',
          'use_cache',
          'reproduces',
          'run_id',
          'started_at',
          'ended_at',
          'started_by',
          'correlation_id',
        ])
        .where('project_id', '=', projectId)
        .$if(before !== undefined, (q) => q.where('id', '<', before!))
        .$if(pipeline !== undefined, (q) => q.where('pipeline', '=', pipeline!))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
    endRun: async (id: string, change: { status: RunRow['status']; ended_at: string; outputs: RunRow['outputs'] }): Promise<boolean> => {
      const { numUpdatedRows } = await db
        .updateTable('pipeline_run')
        .set({ ...change, outputs: JSON.stringify(change.outputs) })
        .where('id', '=', id)
        .where('status', '=', 'running')
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    steps: async (runId: string): Promise<StepRow[]> =>
      (await db.selectFrom('step_run').selectAll().where('pipeline_run_id', '=', runId).orderBy('position').execute()).map(toStep),
    findStep: async (id: string, projectId?: string): Promise<StepRow | undefined> => {
      const row = await db
        .selectFrom('step_run')
        .selectAll()
        .where('id', '=', id)
        .$if(projectId !== undefined, (q) => q.where('project_id', '=', projectId!))
        .executeTakeFirst();
      return row && toStep(row);
    },
    /** Changes a step that is still as it was seen: same status, same attempt. False where somebody was quicker. */
    moveStep: async (seen: Pick<StepRow, 'id' | 'status' | 'attempt'>, change: Partial<StepRow>): Promise<boolean> => {
      const { numUpdatedRows } = await db
        .updateTable('step_run')
        .set(encode(change, stepJson))
        .where('id', '=', seen.id)
        .where('status', '=', seen.status)
        .where('attempt', '=', seen.attempt)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    /** The newest earlier run of the same step that got as far as a key, and whether its outputs are held. */
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
      if (!row) return undefined;
      const held = await db
        .selectFrom('cache_entry')
        .select('key')
        .where('project_id', '=', projectId)
        .where('key', '=', row.cache_key ?? '')
        .executeTakeFirst();
      return { id: row.id, parts: JSON.parse(row.key_parts!) as CacheKeyParts, held: held !== undefined };
    },
    beginAttempt: async (row: Pick<AttemptRow, 'step_run_id' | 'number' | 'run_id' | 'started_at'>): Promise<void> => {
      await db
        .insertInto('attempt')
        .values({ ...row, status: 'running', ended_at: null, failure: null })
        .execute();
    },
    endAttempt: async (
      id: string,
      number: number,
      change: Pick<AttemptRow, 'status' | 'ended_at' | 'failure' | 'run_id'>,
    ): Promise<void> => {
      await db
        .updateTable('attempt')
        .set(encode(change, attemptJson))
        .where('step_run_id', '=', id)
        .where('number', '=', number)
        .where('status', '=', 'running')
        .execute();
    },
    attempts: async (id: string): Promise<AttemptRow[]> =>
      (await db.selectFrom('attempt').selectAll().where('step_run_id', '=', id).orderBy('number').execute()).map((row) =>
        decode<AttemptRow>(row, attemptJson),
      ),
    cached: async (projectId: string, key: string): Promise<CacheRow | undefined> => {
      const row = await db
        .selectFrom('cache_entry')
        .selectAll()
        .where('project_id', '=', projectId)
        .where('key', '=', key)
        .executeTakeFirst();
      return row && decode<CacheRow>(row, cacheJson);
    },
    keep: async (row: CacheRow): Promise<void> => {
      const stored: Tables['cache_entry'] = encode(row, cacheJson);
      await db
        .insertInto('cache_entry')
        .values(stored)
        .onConflict((c) =>
          c
            .columns(['project_id', 'key'])
            .doUpdateSet({ step_run_id: row.step_run_id, outputs: stored.outputs, created_at: row.created_at }),
        )
        .execute();
    },
    forget: async (projectId: string, key: string): Promise<void> => {
      await db.deleteFrom('cache_entry').where('project_id', '=', projectId).where('key', '=', key).execute();
    },
    /** Those whose attempts died with the server. */
    underWay: async (): Promise<StepRow[]> =>
      (await db.selectFrom('step_run').selectAll().where('status', 'in', ['queued', 'running']).execute()).map(toStep),
  };
};
export type PipelineStore = ReturnType<typeof pipelineStore>;
