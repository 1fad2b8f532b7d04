import type { Paging, RegisteredModel } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import { decodeCursor, newId, pageOf, type Tx } from '../platform/index.ts';

interface ModelRow {
  id: string;
  project_id: string;
  name: string;
  /** The highest number ever given; 0 before the first version. */
  latest: number;
  created_at: string;
}
interface AliasRow {
  model_id: string;
  alias: string;
  number: number;
}
type Tables = { registered_model: ModelRow; model_alias: AliasRow };

export const modelStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();

  const aliasesOf = async (modelIds: readonly string[]): Promise<(modelId: string) => Record<string, number>> => {
    const rows =
      modelIds.length === 0
        ? []
        : await db.selectFrom('model_alias').selectAll().where('model_id', 'in', modelIds).orderBy('alias').execute();
    return (modelId) => Object.fromEntries(rows.filter((row) => row.model_id === modelId).map(({ alias, number }) => [alias, number]));
  };
  const fromRow = (r: ModelRow, project: ProjectRef, aliases: Record<string, number>): RegisteredModel => ({
    id: r.id,
    project: project.name,
    name: r.name,
    createdAt: r.created_at,
    latest: r.latest || null,
    aliases,
  });

  return {
    find: async (project: ProjectRef, name: string): Promise<RegisteredModel | undefined> => {
      const row = await db
        .selectFrom('registered_model')
        .selectAll()
        .where('project_id', '=', project.id)
        .where('name', '=', name)
        .executeTakeFirst();
      return row && fromRow(row, project, (await aliasesOf([row.id]))(row.id));
    },
    list: async (project: ProjectRef, { limit, cursor }: Paging) => {
      let query = db
        .selectFrom('registered_model')
        .selectAll()
        .where('project_id', '=', project.id)
        .orderBy('name')
        .limit(limit + 1);
      if (cursor !== undefined) query = query.where('name', '>', decodeCursor(cursor, ['string'])[0]);
      const rows = await query.execute();
      const aliases = await aliasesOf(rows.map(({ id }) => id));
      return pageOf(rows, limit, { item: (row) => fromRow(row, project, aliases(row.id)), at: (row) => [row.name] });
    },
    /** Made where it is not there. It waits for this write's end, so that no two versions get one number. */
    lock: async (project: ProjectRef, name: string, at: string): Promise<{ id: string; latest: number }> => {
      await db
        .insertInto('registered_model')
        .values({ id: newId(), project_id: project.id, name, latest: 0, created_at: at })
        .onConflict((c) => c.doNothing())
        .execute();
      return db
        .updateTable('registered_model')
        .set((eb) => ({ latest: eb.ref('latest') }))
        .where('project_id', '=', project.id)
        .where('name', '=', name)
        .returning(['id', 'latest'])
        .executeTakeFirstOrThrow();
    },
    setLatest: async (id: string, latest: number): Promise<void> => {
      await db.updateTable('registered_model').set({ latest }).where('id', '=', id).execute();
    },
    pointAlias: async (modelId: string, alias: string, number: number): Promise<void> => {
      await db
        .insertInto('model_alias')
        .values({ model_id: modelId, alias, number })
        .onConflict((c) => c.columns(['model_id', 'alias']).doUpdateSet({ number }))
        .execute();
    },
    removeAlias: async (modelId: string, alias: string): Promise<void> => {
      await db.deleteFrom('model_alias').where('model_id', '=', modelId).where('alias', '=', alias).execute();
    },
  };
};
