import type { Db } from '../platform/index.ts';
import type { SealedSecret, SealedStore } from '../platform/secrets/index.ts';
import { newId } from '../platform/index.ts';

interface SecretRow {
  id: string;
  project_id: string;
  name: string;
  sealed: string;
  updated_at: string;
}
type Tables = { secret: SecretRow };

const fromRow = (r: SecretRow): SealedSecret => ({ project: r.project_id, name: r.name, sealed: r.sealed, updatedAt: r.updated_at });

/** Keeps the sealed secrets of projects, each named by its id. It outlives a write, for sealing takes a key from disk. */
export const sealedSecretStore = (db: Db): SealedStore => {
  const read = db.read.withTables<Tables>();
  return {
    get: async ({ project, name }) => {
      const row = await read.selectFrom('secret').selectAll().where('project_id', '=', project).where('name', '=', name).executeTakeFirst();
      return row && fromRow(row);
    },
    set: ({ project, name, sealed, updatedAt }) =>
      db.write(async (tx) => {
        await tx
          .withTables<Tables>()
          .insertInto('secret')
          .values({ id: newId(), project_id: project, name, sealed, updated_at: updatedAt })
          .onConflict((c) => c.columns(['project_id', 'name']).doUpdateSet({ sealed, updated_at: updatedAt }))
          .execute();
      }),
    remove: ({ project, name }) =>
      db.write(async (tx) => {
        const { numDeletedRows } = await tx
          .withTables<Tables>()
          .deleteFrom('secret')
          .where('project_id', '=', project)
          .where('name', '=', name)
          .executeTakeFirst();
        return numDeletedRows > 0n;
      }),
    list: async (project) => {
      const all = read.selectFrom('secret').selectAll().orderBy('name');
      return (await (project === undefined ? all : all.where('project_id', '=', project)).execute()).map(fromRow);
    },
  };
};
