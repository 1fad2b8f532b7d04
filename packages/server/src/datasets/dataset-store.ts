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
interface NewestRow {
  digest: string;
  rows: number;
  bytes: number;
  source: string;
  created_at: string;
  created_by: string;
}
type Tables = { dataset: DatasetRow; dataset_version: NewestRow & { dataset_id: string; number: number } };
type Listed = DatasetRow & { [K in keyof NewestRow as `newest_${K}`]: NewestRow[K] | null };

const fromRow = (r: DatasetRow, project: ProjectRef): Dataset => ({
  id: r.id,
  project: project.name,
  name: r.name,
  createdAt: r.created_at,
  latest: r.latest || null,
});

const listedFromRow = (r: Listed, project: ProjectRef): Dataset => ({
  ...fromRow(r, project),
  ...(r.newest_digest !== null && {
    newest: {
      digest: r.newest_digest,
      rows: r.newest_rows!,
      bytes: r.newest_bytes!,
      source: r.newest_source!,
      createdAt: r.newest_created_at!,
      createdBy: r.newest_created_by!,
    },
  }),
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
        .leftJoin('dataset_version as v', (join) => join.onRef('v.dataset_id', '=', 'dataset.id').onRef('v.number', '=', 'dataset.latest'))
        .selectAll('dataset')
        .select(['v.digest as newest_digest', 'v.rows as newest_rows', 'v.bytes as newest_bytes', 'v.source as newest_source'])
        .select(['v.created_at as newest_created_at', 'v.created_by as newest_created_by'])
        .where('dataset.project_id', '=', project.id)
        .orderBy('name')
        .limit(limit + 1);
      if (cursor !== undefined) query = query.where('name', '>', decodeCursor(cursor, ['string'])[0]);
      return pageOf(await query.execute(), limit, { item: (row) => listedFromRow(row, project), at: (row) => [row.name] });
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
