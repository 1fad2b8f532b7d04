import type { ProjectRef } from '../../governance/index.ts';
import { among, type Tx } from '../../platform/index.ts';
import { sql } from 'kysely';
import type { Texts } from '../logged.ts';
import { together } from '../together.ts';
import type { EvaluationDataset, RecordFields } from './evaluation-dataset.ts';

interface DatasetRow {
  id: string;
  project_id: string;
  name: string;
  fields: string | null;
  records: number;
  digest: string;
  created_at: number;
  updated_at: number;
  created_by: string | null;
  updated_by: string | null;
}
type Tables = {
  evaluation_dataset: DatasetRow;
  evaluation_dataset_tag: { dataset_id: string; key: string; value: string };
  evaluation_dataset_experiment: { dataset_id: string; experiment_id: string };
};
type Head = Omit<EvaluationDataset, 'experimentIds' | 'tags'>;
/** Databases bound the number of values in one statement. */
const rowsAtOnce = 500;
export type DatasetChange = Partial<Pick<Head, 'fields' | 'records' | 'digest' | 'updatedAt' | 'updatedBy'>>;

export const evaluationDatasetStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  const inProject = (project: ProjectRef) => db.selectFrom('evaluation_dataset').where('project_id', '=', project.id);
  const links = () => db.selectFrom('evaluation_dataset_experiment');

  return {
    insert: async (project: ProjectRef, head: Head): Promise<void> => {
      await db
        .insertInto('evaluation_dataset')
        .values({ ...rowOf(head), project_id: project.id })
        .execute();
    },
    /** In the order of the ids, without those that are gone. */
    several: async (project: ProjectRef, ids: readonly string[]): Promise<EvaluationDataset[]> => {
      if (ids.length === 0) return [];
      const of = (column: string) => among(tx, sql.ref(column), ids);
      const [rows, tags, experiments] = await together([
        inProject(project).selectAll().where(of('id')).execute(),
        db.selectFrom('evaluation_dataset_tag').selectAll().where(of('dataset_id')).orderBy('key').execute(),
        links().selectAll().where(of('dataset_id')).orderBy('experiment_id').execute(),
      ]);
      const byId = new Map(rows.map((row) => [row.id, row]));
      const tagsOf = Map.groupBy(tags, (row) => row.dataset_id);
      const experimentsOf = Map.groupBy(experiments, (row) => row.dataset_id);
      return ids.flatMap((id) => {
        const row = byId.get(id);
        if (!row) return [];
        const experimentIds = (experimentsOf.get(id) ?? []).map((link) => link.experiment_id);
        return [{ ...headOf(row), tags: textsOf(tagsOf.get(id)), experimentIds }];
      });
    },
    /** This write's alone until it ends; undefined where it is not there. */
    hold: async (project: ProjectRef, id: string): Promise<Head | undefined> => {
      const held = db.updateTable('evaluation_dataset').set({ id }).where('project_id', '=', project.id).where('id', '=', id);
      const row = await held.returningAll().executeTakeFirst();
      return row && headOf(row);
    },
    isThere: async (project: ProjectRef, id: string): Promise<boolean> =>
      (await inProject(project).select('id').where('id', '=', id).executeTakeFirst()) !== undefined,
    change: async (id: string, change: DatasetChange): Promise<void> => {
      const set = {
        ...(change.fields !== undefined && { fields: jsonOf(change.fields) }),
        ...(change.records !== undefined && { records: change.records }),
        ...(change.digest !== undefined && { digest: change.digest }),
        ...(change.updatedAt !== undefined && { updated_at: change.updatedAt }),
        ...(change.updatedBy !== undefined && { updated_by: change.updatedBy }),
      };
      await db.updateTable('evaluation_dataset').set(set).where('id', '=', id).execute();
    },
    setTags: async (id: string, tags: Texts): Promise<void> => {
      const rows = Object.keys(tags)
        .sort()
        .map((key) => ({ dataset_id: id, key, value: tags[key]! }));
      for (let at = 0; at < rows.length; at += rowsAtOnce)
        await db
          .insertInto('evaluation_dataset_tag')
          .values(rows.slice(at, at + rowsAtOnce))
          .onConflict((c) => c.columns(['dataset_id', 'key']).doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })))
          .execute();
    },
    removeTags: async (id: string, keys: readonly string[]): Promise<void> => {
      await db
        .deleteFrom('evaluation_dataset_tag')
        .where('dataset_id', '=', id)
        .where(among(tx, sql.ref('key'), keys))
        .execute();
    },
    link: async (id: string, experimentIds: readonly string[]): Promise<void> => {
      const rows = experimentIds.map((experiment_id) => ({ dataset_id: id, experiment_id }));
      for (let at = 0; at < rows.length; at += rowsAtOnce)
        await db
          .insertInto('evaluation_dataset_experiment')
          .values(rows.slice(at, at + rowsAtOnce))
          .onConflict((c) => c.doNothing())
          .execute();
    },
    /** How many there were. */
    unlink: async (id: string, experimentIds: readonly string[]): Promise<number> => {
      const gone = db.deleteFrom('evaluation_dataset_experiment').where('dataset_id', '=', id);
      return Number((await gone.where(among(tx, sql.ref('experiment_id'), experimentIds)).executeTakeFirst()).numDeletedRows);
    },
    /** Up to `limit` that belong to an experiment, and whether they belong to others too. */
    someOf: async (experimentId: string, limit: number): Promise<{ id: string; isShared: boolean }[]> => {
      const ids = (await links().select('dataset_id').where('experiment_id', '=', experimentId).limit(limit).execute()).map(
        (link) => link.dataset_id,
      );
      const others = await links()
        .select('dataset_id')
        .distinct()
        .where(among(tx, sql.ref('dataset_id'), ids))
        .where('experiment_id', '!=', experimentId)
        .execute();
      const shared = new Set(others.map((link) => link.dataset_id));
      return ids.map((id) => ({ id, isShared: shared.has(id) }));
    },
    /** Once it has no records any more. */
    purge: async (id: string): Promise<void> => {
      for (const table of ['evaluation_dataset_tag', 'evaluation_dataset_experiment'] as const)
        await db.deleteFrom(table).where('dataset_id', '=', id).execute();
      await db.deleteFrom('evaluation_dataset').where('id', '=', id).execute();
    },
  };
};

const jsonOf = (fields: RecordFields | null): string | null => (fields === null ? null : JSON.stringify(fields));
const rowOf = (head: Head) => ({
  id: head.id,
  name: head.name,
  fields: jsonOf(head.fields),
  records: head.records,
  digest: head.digest,
  created_at: head.createdAt,
  updated_at: head.updatedAt,
  created_by: head.createdBy,
  updated_by: head.updatedBy,
});
const headOf = (row: DatasetRow): Head => ({
  id: row.id,
  name: row.name,
  fields: row.fields === null ? null : (JSON.parse(row.fields) as RecordFields),
  records: row.records,
  digest: row.digest,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  createdBy: row.created_by,
  updatedBy: row.updated_by,
});
const textsOf = (rows: readonly { key: string; value: string }[] = []): Texts =>
  Object.fromEntries(rows.map(({ key, value }) => [key, value]));
