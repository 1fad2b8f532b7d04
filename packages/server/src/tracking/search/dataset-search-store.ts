import { type RawBuilder, sql } from 'kysely';
import type { ProjectRef } from '../../governance/index.ts';
import { matchingIn, type Tx } from '../../platform/index.ts';

/** A table that runs of an experiment used, versions of ours and others alike. */
export interface UsedDataset {
  readonly experimentId: string;
  readonly name: string;
  readonly digest: string;
  readonly context: string | null;
}

export const datasetSearchStore = (tx: Tx) => {
  const matching = matchingIn(tx);
  const isOf = (project: ProjectRef, experimentIds: readonly string[]): RawBuilder<boolean> =>
    sql<boolean>`run.project_id = ${project.id} and ${matching.oneOf(sql`run.experiment_id`, experimentIds)} and run.deleted_at is null`;
  return {
    used: async (project: ProjectRef, experimentIds: readonly string[], limit: number): Promise<UsedDataset[]> => {
      if (experimentIds.length === 0) return [];
      const context = matching.member(sql`r.tags`, 'mlflow.data.context');
      const { rows } = await sql<UsedDataset>`
        select run.experiment_id as ${sql.ref('experimentId')}, d.name as name, d.digest as digest, ${context} as context
        from run join run_dataset as r on r.run_id = run.id join logged_dataset as d on d.id = r.dataset_id
        where ${isOf(project, experimentIds)}
        union
        select run.experiment_id, i.dataset, i.digest, nullif(i.context, '')
        from run join run_input as i on i.run_id = run.id
        where ${isOf(project, experimentIds)}
        order by 1, 2, 3, 4 limit ${limit}`.execute(tx);
      return rows;
    },
  };
};
