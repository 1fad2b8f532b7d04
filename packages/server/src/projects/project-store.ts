import type { Paging, Project } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import { decodeCursor, pageOf, type Tx } from '../platform/index.ts';

interface ProjectRow {
  id: string;
  name: string;
  problem: string;
  manifest_id: string | null;
  created_at: string;
}
type Tables = { project: ProjectRow };

const fromRow = (r: ProjectRow): Project => ({ name: r.name, problem: r.problem, createdAt: r.created_at, manifestId: r.manifest_id });

export const projectStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  return {
    insert: async (id: string, { name, problem, createdAt, manifestId }: Project): Promise<void> => {
      await db.insertInto('project').values({ id, name, problem, manifest_id: manifestId, created_at: createdAt }).execute();
    },
    idOf: async (name: string): Promise<string | undefined> =>
      (await db.selectFrom('project').select('id').where('name', '=', name).executeTakeFirst())?.id,
    find: async (id: string): Promise<Project | undefined> => {
      const row = await db.selectFrom('project').selectAll().where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },
    all: async (): Promise<ProjectRef[]> => db.selectFrom('project').select(['id', 'name']).orderBy('name').execute(),
    list: async ({ limit, cursor }: Paging) => {
      let query = db
        .selectFrom('project')
        .selectAll()
        .orderBy('name')
        .limit(limit + 1);
      if (cursor !== undefined) query = query.where('name', '>', decodeCursor(cursor, ['string'])[0]);
      return pageOf(await query.execute(), limit, { item: fromRow, at: (r) => [r.name] });
    },
    /** The manifest in force. Its project waits for this write's end, so that two manifests never get one number. */
    lockManifest: async (id: string): Promise<string | null> =>
      (
        await db
          .updateTable('project')
          .set((eb) => ({ manifest_id: eb.ref('manifest_id') }))
          .where('id', '=', id)
          .returning('manifest_id')
          .executeTakeFirstOrThrow()
      ).manifest_id,
    putInForce: async (id: string, manifestId: string, problem: string): Promise<void> => {
      await db.updateTable('project').set({ manifest_id: manifestId, problem }).where('id', '=', id).execute();
    },
  };
};
