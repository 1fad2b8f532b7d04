import type { Paging, Run, RunEnvironment, RunResources } from '@boucle/contract';
import { sql } from 'kysely';
import type { ProjectRef } from '../governance/index.ts';
import { among, decodeCursor, pageOf, type Tx } from '../platform/index.ts';
import { type Facts, factsStore, type WantedKeys } from './facts-store.ts';
import type { Standing } from './open-run.ts';
import { together } from './together.ts';

interface RunRow {
  id: string;
  project_id: string;
  experiment_id: string;
  name: string;
  status: string;
  parent_run_id: string | null;
  step_run_id: string | null;
  user_id: string | null;
  started_at: string;
  ended_at: string | null;
  commit_id: string | null;
  changes: string | null;
  code_digest: string | null;
  seed: string | null;
  environment: string | null;
  resources: string | null;
  deleted_at: string | null;
  correlation_id: string;
}
type Tables = { run: RunRow; experiment: { id: string; artifact_location: string | null } };
/** A run's row, and where its experiment's clients keep artifacts. */
type FoundRow = RunRow & { artifact_location: string | null };

export type RunStatus = Run['status'];
export interface RunQuery extends Paging {
  readonly experimentId?: string;
  readonly parentRunId?: string;
}

/** A run with steps and times of its metrics, which only MLflow's clients are told. */
export type RunRecord = Run & Pick<Facts, 'latest'>;
export const asRun = (record: RunRecord): Run => {
  const { latest: _, ...run } = record;
  return run;
};

type NewRow = Omit<Run, keyof Facts | 'artifactUri'>;

const toRow = (run: NewRow, projectId: string): RunRow => ({
  id: run.id,
  project_id: projectId,
  experiment_id: run.experimentId,
  name: run.name,
  status: run.status,
  parent_run_id: run.parentRunId,
  step_run_id: run.stepRunId,
  user_id: run.userId,
  started_at: run.startedAt,
  ended_at: run.endedAt,
  commit_id: run.commit,
  changes: run.changes,
  code_digest: run.codeDigest,
  seed: run.seed,
  environment: run.environment && JSON.stringify(run.environment),
  resources: run.resources && JSON.stringify(run.resources),
  deleted_at: run.deletedAt,
  correlation_id: run.correlationId,
});
const fromRow = (r: FoundRow, project: ProjectRef, facts: Facts): RunRecord => ({
  id: r.id,
  project: project.name,
  experimentId: r.experiment_id,
  name: r.name,
  status: r.status as RunStatus,
  parentRunId: r.parent_run_id,
  stepRunId: r.step_run_id,
  startedAt: r.started_at,
  endedAt: r.ended_at,
  deletedAt: r.deleted_at,
  userId: r.user_id,
  artifactUri: artifactUriOf(r.artifact_location, r.id),
  ...facts,
  commit: r.commit_id,
  changes: r.changes,
  codeDigest: r.code_digest,
  seed: r.seed,
  environment: r.environment === null ? null : (JSON.parse(r.environment) as RunEnvironment),
  resources: r.resources === null ? null : (JSON.parse(r.resources) as RunResources),
  correlationId: r.correlation_id,
});

/** Below the experiment's location, before the query where that has one, as its clients work it out too. */
export const artifactUriOf = (location: string | null, runId: string): string | null =>
  location && location.replace(/\/?(\?.*)?$/s, (_, query = '') => `/${runId}/artifacts${query}`);

/** Databases bound the number of values in one statement. */
const readAtOnce = 1000;

/** A run is looked for inside its project, so that nobody finds another's by its id. */
export const runStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  const found = (project: ProjectRef) =>
    db
      .selectFrom('run')
      .innerJoin('experiment', 'experiment.id', 'run.experiment_id')
      .selectAll('run')
      .select('experiment.artifact_location')
      .where('run.project_id', '=', project.id);
  return {
    insert: async (project: ProjectRef, run: NewRow): Promise<void> => {
      await db.insertInto('run').values(toRow(run, project.id)).execute();
    },
    statusOf: async (project: ProjectRef, id: string): Promise<RunStatus | undefined> => {
      const row = await db.selectFrom('run').select('status').where('project_id', '=', project.id).where('id', '=', id).executeTakeFirst();
      return row?.status as RunStatus | undefined;
    },
    /** What a write to the run goes by. */
    standingOf: async (project: ProjectRef, id: string): Promise<(Standing & { experimentId: string }) | undefined> => {
      const row = await db
        .selectFrom('run')
        .select(['status', 'deleted_at', 'step_run_id', 'experiment_id'])
        .where('project_id', '=', project.id)
        .where('id', '=', id)
        .executeTakeFirst();
      return (
        row && {
          status: row.status as RunStatus,
          deletedAt: row.deleted_at,
          stepRunId: row.step_run_id,
          experimentId: row.experiment_id,
        }
      );
    },
    count: async (project: ProjectRef): Promise<number> =>
      (
        await db
          .selectFrom('run')
          .select((eb) => eb.fn.countAll<number>().as('runs'))
          .where('project_id', '=', project.id)
          .where('deleted_at', 'is', null)
          .executeTakeFirstOrThrow()
      ).runs,
    correlationOf: async (project: ProjectRef, id: string): Promise<string | undefined> =>
      (await db.selectFrom('run').select('correlation_id').where('project_id', '=', project.id).where('id', '=', id).executeTakeFirst())
        ?.correlation_id,
    find: async (project: ProjectRef, id: string): Promise<RunRecord | undefined> => {
      const [row, facts] = await together([
        found(project).where('run.id', '=', id).executeTakeFirst(),
        factsStore(tx).of([id], { whole: true }),
      ]);
      return row && fromRow(row, project, facts(id));
    },
    /** In the order of the ids, without those that are gone. */
    several: async (project: ProjectRef, ids: readonly string[], only?: WantedKeys): Promise<RunRecord[]> => {
      const parts = Array.from({ length: Math.ceil(ids.length / readAtOnce) }, (_, i) => ids.slice(i * readAtOnce, (i + 1) * readAtOnce));
      const read = async (part: readonly string[]): Promise<RunRecord[]> => {
        const [rows, facts] = await together([
          found(project)
            .where(among(tx, sql`run.id`, part))
            .execute(),
          factsStore(tx).of(part, { ...(only && { only }) }),
        ]);
        const byId = new Map(rows.map((row) => [row.id, row]));
        return part.flatMap((id) => {
          const row = byId.get(id);
          return row ? [fromRow(row, project, facts(id))] : [];
        });
      };
      return (await together(parts.map(read))).flat();
    },
    list: async (project: ProjectRef, { experimentId, parentRunId, limit, cursor }: RunQuery) => {
      let query = found(project)
        .where('run.deleted_at', 'is', null)
        .orderBy('run.id', 'desc')
        .limit(limit + 1);
      if (experimentId !== undefined) query = query.where('run.experiment_id', '=', experimentId);
      if (parentRunId !== undefined) query = query.where('run.parent_run_id', '=', parentRunId);
      if (cursor !== undefined) query = query.where('run.id', '<', decodeCursor(cursor, ['string'])[0]);
      const rows = await query.execute();
      const facts = await factsStore(tx).of(rows.map(({ id }) => id));
      return pageOf(rows, limit, { item: (row) => fromRow(row, project, facts(row.id)), at: (row) => [row.id] });
    },
    /** Ends a run that has not ended; false where there is none. */
    end: async (
      project: ProjectRef,
      id: string,
      end: { status: RunStatus; endedAt: string; resources: RunResources | null },
    ): Promise<boolean> => {
      const { numUpdatedRows } = await db
        .updateTable('run')
        .set({ status: end.status, ended_at: end.endedAt, resources: end.resources && JSON.stringify(end.resources) })
        .where('project_id', '=', project.id)
        .where('id', '=', id)
        .where('status', 'in', ['scheduled', 'running'])
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    change: async (
      id: string,
      change: { name?: string; status?: RunStatus; endedAt?: string | null; parentRunId?: string | null; deletedAt?: string | null },
    ): Promise<void> => {
      const columns = {
        ...(change.name !== undefined && { name: change.name }),
        ...(change.status !== undefined && { status: change.status }),
        ...(change.endedAt !== undefined && { ended_at: change.endedAt }),
        ...(change.parentRunId !== undefined && { parent_run_id: change.parentRunId }),
        ...(change.deletedAt !== undefined && { deleted_at: change.deletedAt }),
      };
      if (Object.keys(columns).length > 0) await db.updateTable('run').set(columns).where('id', '=', id).execute();
    },
    /** False where it has none. */
    leaveParent: async (id: string): Promise<boolean> => {
      const left = db.updateTable('run').set({ parent_run_id: null }).where('id', '=', id).where('parent_run_id', 'is not', null);
      return (await left.executeTakeFirst()).numUpdatedRows > 0n;
    },
    /** Other writes that hold it wait for this one. */
    hold: async (id: string): Promise<void> => {
      await db
        .updateTable('run')
        .set((eb) => ({ name: eb.ref('name') }))
        .where('id', '=', id)
        .execute();
    },
    /** When a run of the experiment was last deleted. */
    lastDeleted: async (project: ProjectRef, experimentId: string): Promise<string | undefined> => {
      const { last } = await db
        .selectFrom('run')
        .select((eb) => eb.fn.max('deleted_at').as('last'))
        .where('project_id', '=', project.id)
        .where('experiment_id', '=', experimentId)
        .executeTakeFirstOrThrow();
      return last ?? undefined;
    },
    /** Of an experiment that is deleted. */
    removeAll: async (project: ProjectRef, experimentId: string, at: string): Promise<void> => {
      await db
        .updateTable('run')
        .set({ deleted_at: at })
        .where('project_id', '=', project.id)
        .where('experiment_id', '=', experimentId)
        .where('deleted_at', 'is', null)
        .execute();
    },
    /** Those that went at that time. */
    restoreAll: async (project: ProjectRef, experimentId: string, at: string): Promise<void> => {
      await db
        .updateTable('run')
        .set({ deleted_at: null })
        .where('project_id', '=', project.id)
        .where('experiment_id', '=', experimentId)
        .where('deleted_at', '=', at)
        .execute();
    },
    hasStepRuns: async (project: ProjectRef, experimentId: string): Promise<boolean> =>
      (await db
        .selectFrom('run')
        .select('id')
        .where('project_id', '=', project.id)
        .where('experiment_id', '=', experimentId)
        .where('step_run_id', 'is not', null)
        .limit(1)
        .executeTakeFirst()) !== undefined,
    someOf: async (project: ProjectRef, experimentId: string, limit: number): Promise<string[]> => {
      const rows = db.selectFrom('run').select('id').where('project_id', '=', project.id).where('experiment_id', '=', experimentId);
      return (await rows.orderBy('id').limit(limit).execute()).map(({ id }) => id);
    },
    /** What was run below them stands by itself from now on. */
    purge: async (project: ProjectRef, ids: readonly string[]): Promise<void> => {
      await db
        .updateTable('run')
        .set({ parent_run_id: null })
        .where('project_id', '=', project.id)
        .where('parent_run_id', 'in', ids)
        .execute();
      await db.deleteFrom('run').where('project_id', '=', project.id).where('id', 'in', ids).execute();
    },
  };
};
