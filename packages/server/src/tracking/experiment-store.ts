import type { Experiment, Paging } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import { decodeCursor, pageOf, type Tx } from '../platform/index.ts';
import type { Texts } from './logged.ts';
import { together } from './together.ts';

interface ExperimentRow {
  id: string;
  project_id: string;
  name: string;
  artifact_location: string | null;
  created_at: string;
  updated_at: string | null;
  deleted_at: string | null;
}
type Tables = {
  experiment: ExperimentRow;
  experiment_tag: { experiment_id: string; key: string; value: string };
  experiment_sequence: { id: number; last: number };
};
export interface ExperimentChoice {
  readonly by: 'id' | 'name';
  readonly value: string;
}

/** Databases bound the number of values in one statement. */
const readAtOnce = 1000;

const fromRow = (r: ExperimentRow, project: ProjectRef, tags: Record<string, string>): Experiment => ({
  id: r.id,
  project: project.name,
  name: r.name,
  tags,
  artifactLocation: r.artifact_location,
  createdAt: r.created_at,
  updatedAt: r.updated_at ?? r.created_at,
  deletedAt: r.deleted_at,
});

export const experimentStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  const tagsOf = async (ids: readonly string[]): Promise<(id: string) => Record<string, string>> => {
    if (ids.length === 0) return () => ({});
    const rows = await db.selectFrom('experiment_tag').selectAll().where('experiment_id', 'in', ids).orderBy('key').execute();
    const all = Map.groupBy(rows, (row) => row.experiment_id);
    return (id) => Object.fromEntries((all.get(id) ?? []).map(({ key, value }) => [key, value]));
  };
  return {
    nextId: async (): Promise<string> => {
      const { last } = await db
        .updateTable('experiment_sequence')
        .set((eb) => ({ last: eb('last', '+', 1) }))
        .where('id', '=', 1)
        .returning('last')
        .executeTakeFirstOrThrow();
      return String(last);
    },
    /** In whatever project. */
    isTaken: async (id: string): Promise<boolean> =>
      (await db.selectFrom('experiment').select('id').where('id', '=', id).executeTakeFirst()) !== undefined,
    /** False where the project has one of that name. */
    insert: async (project: ProjectRef, { id, name, artifactLocation, createdAt }: Experiment): Promise<boolean> => {
      const inserted = await db
        .insertInto('experiment')
        .values({
          id,
          project_id: project.id,
          name,
          artifact_location: artifactLocation,
          created_at: createdAt,
          updated_at: createdAt,
          deleted_at: null,
        })
        .onConflict((c) => c.doNothing())
        .returning('id')
        .execute();
      return inserted.length > 0;
    },
    find: async (project: ProjectRef, { by, value }: ExperimentChoice): Promise<Experiment | undefined> => {
      const row = await db
        .selectFrom('experiment')
        .selectAll()
        .where('project_id', '=', project.id)
        .where(by, '=', value)
        .executeTakeFirst();
      return row && fromRow(row, project, (await tagsOf([row.id]))(row.id));
    },
    ids: async (project: ProjectRef): Promise<string[]> =>
      (await db.selectFrom('experiment').select('id').where('project_id', '=', project.id).orderBy('id').execute()).map(({ id }) => id),
    /** In the order of the ids, without those that are gone. */
    several: async (project: ProjectRef, ids: readonly string[]): Promise<Experiment[]> => {
      const parts = Array.from({ length: Math.ceil(ids.length / readAtOnce) }, (_, i) => ids.slice(i * readAtOnce, (i + 1) * readAtOnce));
      const read = async (part: readonly string[]): Promise<Experiment[]> => {
        const asked = db.selectFrom('experiment').selectAll().where('project_id', '=', project.id).where('id', 'in', part);
        const [rows, tags] = await together([asked.execute(), tagsOf(part)]);
        const byId = new Map(rows.map((row) => [row.id, row]));
        return part.flatMap((id) => {
          const row = byId.get(id);
          return row ? [fromRow(row, project, tags(id))] : [];
        });
      };
      return (await together(parts.map(read))).flat();
    },
    list: async (project: ProjectRef, { limit, cursor }: Paging) => {
      let query = db
        .selectFrom('experiment')
        .selectAll()
        .where('project_id', '=', project.id)
        .where('deleted_at', 'is', null)
        .orderBy('name')
        .limit(limit + 1);
      if (cursor !== undefined) query = query.where('name', '>', decodeCursor(cursor, ['string'])[0]);
      const rows = await query.execute();
      const tags = await tagsOf(rows.map(({ id }) => id));
      return pageOf(rows, limit, { item: (row) => fromRow(row, project, tags(row.id)), at: (row) => [row.name] });
    },
    change: async (id: string, change: { name?: string; deletedAt?: string | null; updatedAt: string }): Promise<void> => {
      await db
        .updateTable('experiment')
        .set({
          ...(change.name !== undefined && { name: change.name }),
          ...(change.deletedAt !== undefined && { deleted_at: change.deletedAt }),
          updated_at: change.updatedAt,
        })
        .where('id', '=', id)
        .execute();
    },
    setTags: async (id: string, tags: Texts): Promise<void> => {
      const rows = Object.keys(tags)
        .sort()
        .map((key) => ({ experiment_id: id, key, value: tags[key]! }));
      if (rows.length === 0) return;
      await db
        .insertInto('experiment_tag')
        .values(rows)
        .onConflict((c) => c.columns(['experiment_id', 'key']).doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })))
        .execute();
    },
    /** False where it has none of that key. */
    removeTag: async (id: string, key: string): Promise<boolean> => {
      const { numDeletedRows } = await db
        .deleteFrom('experiment_tag')
        .where('experiment_id', '=', id)
        .where('key', '=', key)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    /** Once nothing lies under it any more. */
    purge: async (id: string): Promise<void> => {
      await db.deleteFrom('experiment_tag').where('experiment_id', '=', id).execute();
      await db.deleteFrom('experiment').where('id', '=', id).execute();
    },
  };
};
