import type { Dataset, Paging } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import { decodeCursor, newId, pageOf, type Tx } from '../platform/index.ts';

interface DatasetRow {
  id: string;
  project_id: string;
  name: string;
  /** The number of the newest version; 0 before the first. */
  latest: number;
  created_at: string;
}
type Tables = { dataset: DatasetRow };

const fromRow = (r: DatasetRow, project: ProjectRef): Dataset => ({
  id: r.id,
  project: project.name,
  name: r.name,
  createdAt: r.created_at,
  latest: r.latest || null,
});

export const datasetStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  return {
    find: async (project: ProjectRef, name: string): Promise<Dataset | undefined> => {
      const row = await db
        .selectFrom('dataset')
        .selectAll()
        .where('project_id', '=', project.id)
        .where('name', '=', name)
        .executeTakeFirst();
      return row && fromRow(row, project);
    },
    isEmpty: async (): Promise<boolean> => (await db.selectFrom('dataset').select('id').limit(1).executeTakeFirst()) === undefined,
    list: async (project: ProjectRef, { limit, cursor }: Paging) => {
      let query = db
        .selectFrom('dataset')
        .selectAll()
        .where('project_id', '=', project.id)
        .orderBy('name')
        .limit(limit + 1);
      if (cursor !== undefined) query = query.where('name', '>', decodeCursor(cursor, ['string'])[0]);
      return pageOf(await query.execute(), limit, { item: (row) => fromRow(row, project), at: (row) => [row.name] });
    },
    /** Made where it is not there. It waits for this write's end, so that no two versions get one number. */
    lock: async (project: ProjectRef, name: string, at: string): Promise<{ id: string; latest: number }> => {
      await db
        .insertInto('dataset')
        .values({ id: newId(), project_id: project.id, name, latest: 0, created_at: at })
        .onConflict((c) => c.doNothing())
        .execute();
      return db
        .updateTable('dataset')
        .set((eb) => ({ latest: eb.ref('latest') }))
        .where('project_id', '=', project.id)
        .where('name', '=', name)
        .returning(['id', 'latest'])
        .executeTakeFirstOrThrow();
    },
    setLatest: async (id: string, latest: number): Promise<void> => {
      await db.updateTable('dataset').set({ latest }).where('id', '=', id).execute();
    },
  };
};
