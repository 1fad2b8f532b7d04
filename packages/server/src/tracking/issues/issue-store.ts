import { sql } from 'kysely';
import type { ProjectRef } from '../../governance/index.ts';
import { among, type Tx } from '../../platform/index.ts';
import type { Issue } from './issue.ts';

interface IssueRow {
  id: string;
  project_id: string;
  experiment_id: string;
  name: string;
  description: string;
  status: Issue['status'];
  severity: Issue['severity'];
  root_causes: string;
  categories: string;
  source_run_id: string | null;
  created_by: string | null;
  created_at: number;
  updated_at: number;
}

export const issueStore = (tx: Tx) => {
  const db = tx.withTables<{ issue: IssueRow }>();
  const inProject = (project: ProjectRef) => db.selectFrom('issue').selectAll().where('project_id', '=', project.id);

  return {
    /** One that is there is replaced. */
    put: async (project: ProjectRef, issue: Issue): Promise<void> => {
      const { id, ...row } = rowOf(project, issue);
      await db
        .insertInto('issue')
        .values({ id, ...row })
        .onConflict((c) => c.column('id').doUpdateSet(row))
        .execute();
    },
    find: async (project: ProjectRef, id: string): Promise<Issue | undefined> => {
      const row = await inProject(project).where('id', '=', id).executeTakeFirst();
      return row && issueOf(row);
    },
    /** In the order of the ids. */
    several: async (project: ProjectRef, ids: readonly string[]): Promise<Issue[]> => {
      if (ids.length === 0) return [];
      const rows = await inProject(project)
        .where(among(tx, sql`id`, ids))
        .execute();
      const byId = new Map(rows.map((row) => [row.id, issueOf(row)]));
      return ids.flatMap((id) => byId.get(id) ?? []);
    },
    someOf: async (experimentId: string, limit: number): Promise<string[]> =>
      (await db.selectFrom('issue').select('id').where('experiment_id', '=', experimentId).limit(limit).execute()).map(({ id }) => id),
    /** An issue stays when the run that found it is gone. */
    forgetRuns: async (runIds: readonly string[]): Promise<void> => {
      await db.updateTable('issue').set({ source_run_id: null }).where('source_run_id', 'in', runIds).execute();
    },
    purge: async (ids: readonly string[]): Promise<void> => {
      await db.deleteFrom('issue').where('id', 'in', ids).execute();
    },
  };
};

const rowOf = (project: ProjectRef, issue: Issue): IssueRow => ({
  id: issue.id,
  project_id: project.id,
  experiment_id: issue.experimentId,
  name: issue.name,
  description: issue.description,
  status: issue.status,
  severity: issue.severity,
  root_causes: JSON.stringify(issue.rootCauses),
  categories: JSON.stringify(issue.categories),
  source_run_id: issue.sourceRunId,
  created_by: issue.createdBy,
  created_at: issue.createdAt,
  updated_at: issue.updatedAt,
});
const issueOf = (row: IssueRow): Issue => ({
  id: row.id,
  experimentId: row.experiment_id,
  name: row.name,
  description: row.description,
  status: row.status,
  severity: row.severity,
  rootCauses: JSON.parse(row.root_causes) as string[],
  categories: JSON.parse(row.categories) as string[],
  sourceRunId: row.source_run_id,
  createdBy: row.created_by,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});
