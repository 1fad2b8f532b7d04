import type { Paging, Run, RunEnvironment, RunResources } from '@boucle/contract';
import { sql } from 'kysely';
import type { ProjectRef } from '../governance/index.ts';
import { decodeCursor, pageOf, type Tx } from '../platform/index.ts';
import { type Facts, factsStore } from './facts-store.ts';
import { together } from './together.ts';

interface RunRow {
  id: string;
  project_id: string;
  experiment_id: string;
  name: string;
  status: string;
  parent_run_id: string | null;
  step_run_id: string | null;
  started_at: string;
  ended_at: string | null;
  commit_id: string | null;
  changes: string | null;
  code_digest: string | null;
  seed: string | null;
  environment: string | null;
  resources: string | null;
  correlation_id: string;
}
type Tables = {
  run: RunRow;
  experiment: { id: string; project_id: string; name: string };
};

export type RunStatus = Run['status'];
export interface ExperimentChoice {
  readonly by: 'id' | 'name';
  readonly value: string;
}
export interface RunQuery extends Paging {
  readonly experimentId?: string;
  readonly parentRunId?: string;
}

const toRow = (run: Omit<Run, keyof Facts>, projectId: string): RunRow => ({
  id: run.id,
  project_id: projectId,
  experiment_id: run.experimentId,
  name: run.name,
  status: run.status,
  parent_run_id: run.parentRunId,
  step_run_id: run.stepRunId,
  started_at: run.startedAt,
  ended_at: run.endedAt,
  commit_id: run.commit,
  changes: run.changes,
  code_digest: run.codeDigest,
  seed: run.seed,
  environment: run.environment && JSON.stringify(run.environment),
  resources: run.resources && JSON.stringify(run.resources),
  correlation_id: run.correlationId,
});
const fromRow = (r: RunRow, project: ProjectRef, facts: Facts): Run => ({
  id: r.id,
  project: project.name,
  experimentId: r.experiment_id,
  name: r.name,
  status: r.status as RunStatus,
  parentRunId: r.parent_run_id,
  stepRunId: r.step_run_id,
  startedAt: r.started_at,
  endedAt: r.ended_at,
  ...facts,
  commit: r.commit_id,
  changes: r.changes,
  codeDigest: r.code_digest,
  seed: r.seed,
  environment: r.environment === null ? null : (JSON.parse(r.environment) as RunEnvironment),
  resources: r.resources === null ? null : (JSON.parse(r.resources) as RunResources),
  correlationId: r.correlation_id,
});

/** A run is looked for inside its project, so that nobody finds another's by its id. */
export const runStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  return {
    /** Files the run under its experiment, found in the same statement; undefined where the project has no such one. */
    insert: async (
      project: ProjectRef,
      run: Omit<Run, keyof Facts | 'experimentId'>,
      experiment: ExperimentChoice,
    ): Promise<string | undefined> => {
      const { experiment_id: _, ...row } = toRow({ ...run, experimentId: '' }, project.id);
      const columns = Object.keys(row) as (keyof typeof row)[];
      const inserted = await db
        .insertInto('run')
        .columns([...columns, 'experiment_id'])
        .expression((eb) =>
          eb
            .selectFrom('experiment')
            .select([...columns.map((column) => sql<string | null>`${row[column]}`.as(column)), 'experiment.id as experiment_id'])
            .where('project_id', '=', project.id)
            .where(experiment.by, '=', experiment.value),
        )
        .returning('experiment_id')
        .executeTakeFirst();
      return inserted?.experiment_id;
    },
    statusOf: async (project: ProjectRef, id: string): Promise<RunStatus | undefined> => {
      const row = await db.selectFrom('run').select('status').where('project_id', '=', project.id).where('id', '=', id).executeTakeFirst();
      return row?.status as RunStatus | undefined;
    },
    count: async (project: ProjectRef): Promise<number> =>
      (
        await db
          .selectFrom('run')
          .select((eb) => eb.fn.countAll<number>().as('runs'))
          .where('project_id', '=', project.id)
          .executeTakeFirstOrThrow()
      ).runs,
    correlationOf: async (project: ProjectRef, id: string): Promise<string | undefined> =>
      (await db.selectFrom('run').select('correlation_id').where('project_id', '=', project.id).where('id', '=', id).executeTakeFirst())
        ?.correlation_id,
    find: async (project: ProjectRef, id: string): Promise<Run | undefined> => {
      const [row, facts] = await together([
        db.selectFrom('run').selectAll().where('project_id', '=', project.id).where('id', '=', id).executeTakeFirst(),
        factsStore(tx).of([id]),
      ]);
      return row && fromRow(row, project, facts(id));
    },
    list: async (project: ProjectRef, { experimentId, parentRunId, limit, cursor }: RunQuery) => {
      let query = db
        .selectFrom('run')
        .selectAll()
        .where('project_id', '=', project.id)
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (experimentId !== undefined) query = query.where('experiment_id', '=', experimentId);
      if (parentRunId !== undefined) query = query.where('parent_run_id', '=', parentRunId);
      if (cursor !== undefined) query = query.where('id', '<', decodeCursor(cursor, ['string'])[0]);
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
  };
};
