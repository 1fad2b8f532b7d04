import type { Db } from '../db/index.ts';
import { newId } from '../ids.ts';
import type { SealedSecret, SealedStore } from './secrets.ts';

type Tables = { secret: { id: string; project_id: string; name: string; sealed: string; updated_at: string } };

const fromRow = (row: Omit<Tables['secret'], 'id'>): SealedSecret => ({
  project: row.project_id,
  name: row.name,
  sealed: row.sealed,
  updatedAt: row.updated_at,
});

/** Sealed secrets in the database. */
export const sealedStore = (db: Db): SealedStore => {
  const read = db.read.withTables<Tables>();
  return {
    get: async ({ project, name }) => {
      const row = await read.selectFrom('secret').selectAll().where('project_id', '=', project).where('name', '=', name).executeTakeFirst();
      return row && fromRow(row);
    },
    set: async ({ project, name, sealed, updatedAt }) => {
      await db.write(async (tx) => {
        await tx
          .withTables<Tables>()
          .insertInto('secret')
          .values({ id: newId(), project_id: project, name, sealed, updated_at: updatedAt })
          .onConflict((c) => c.columns(['project_id', 'name']).doUpdateSet({ sealed, updated_at: updatedAt }))
          .execute();
      });
    },
    remove: async ({ project, name }) => {
      const { numDeletedRows } = await db.write((tx) =>
        tx.withTables<Tables>().deleteFrom('secret').where('project_id', '=', project).where('name', '=', name).executeTakeFirstOrThrow(),
      );
      return numDeletedRows > 0n;
    },
    list: async (project) => {
      const query = read.selectFrom('secret').selectAll().orderBy('name');
      return (await (project === undefined ? query : query.where('project_id', '=', project)).execute()).map(fromRow);
    },
  };
};
