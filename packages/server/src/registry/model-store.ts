import type { RegisteredModel } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import type { Tx } from '../platform/index.ts';
import { tagStore } from './tag-store.ts';

export interface ModelRow {
  id: string;
  project_id: string;
  name: string;
  /** The highest number ever given; 0 before the first version. */
  latest: number;
  description: string;
  created_at: string;
  updated_at: string;
  /** A removed model keeps its versions, for whoever holds the id of one. */
  deleted_at: string | null;
}
interface AliasRow {
  model_id: string;
  alias: string;
  number: number;
}
type Tables = {
  registered_model: ModelRow;
  model_alias: AliasRow;
  model_version: { model_id: string; number: number; deleted_at: string | null };
};

export const modelStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  const tags = tagStore(tx).models;

  const aliasesOf = async (modelIds: readonly string[]): Promise<(modelId: string) => Record<string, number>> => {
    const rows =
      modelIds.length === 0
        ? []
        : await db.selectFrom('model_alias').selectAll().where('model_id', 'in', modelIds).orderBy('alias').execute();
    return (modelId) => Object.fromEntries(rows.filter((row) => row.model_id === modelId).map(({ alias, number }) => [alias, number]));
  };
  const living = (project: ProjectRef) =>
    db.selectFrom('registered_model').where('project_id', '=', project.id).where('deleted_at', 'is', null);

  /** In the order that was asked for; those that are not there any more are left out. */
  const all = async (project: ProjectRef, ids: readonly string[]): Promise<RegisteredModel[]> => {
    if (ids.length === 0) return [];
    const rows = await living(project)
      .selectAll()
      .select((eb) =>
        eb
          .selectFrom('model_version')
          .select((max) => max.fn.max('number').as('number'))
          .whereRef('model_id', '=', 'registered_model.id')
          .where('model_version.deleted_at', 'is', null)
          .as('newest'),
      )
      .where('id', 'in', ids)
      .execute();
    const [aliases, tagged] = [await aliasesOf(ids), await tags.of(ids)];
    const found = new Map(
      rows.map((r): [string, RegisteredModel] => [
        r.id,
        {
          id: r.id,
          project: project.name,
          name: r.name,
          description: r.description,
          tags: tagged(r.id),
          createdAt: r.created_at,
          updatedAt: r.updated_at,
          latest: r.newest,
          aliases: aliases(r.id),
        },
      ]),
    );
    return ids.flatMap((id) => found.get(id) ?? []);
  };

  return {
    all,
    find: async (project: ProjectRef, name: string): Promise<RegisteredModel | undefined> => {
      const row = await living(project).select('id').where('name', '=', name).executeTakeFirst();
      return row && (await all(project, [row.id]))[0];
    },
    /** False where the project has one of that name. */
    insert: async (project: ProjectRef, { id, name, description, at }: { id: string; name: string; description: string; at: string }) => {
      const inserted = await db
        .insertInto('registered_model')
        .values({ id, project_id: project.id, name, latest: 0, description, created_at: at, updated_at: at, deleted_at: null })
        .onConflict((c) => c.doNothing())
        .returning('id')
        .execute();
      return inserted.length > 0;
    },
    /** It waits for this write's end, so that no two versions get one number. */
    lock: (project: ProjectRef, name: string): Promise<{ id: string; latest: number } | undefined> =>
      db
        .updateTable('registered_model')
        .set((eb) => ({ latest: eb.ref('latest') }))
        .where('project_id', '=', project.id)
        .where('name', '=', name)
        .where('deleted_at', 'is', null)
        .returning(['id', 'latest'])
        .executeTakeFirst(),
    update: async (
      id: string,
      change: { name?: string; description?: string; latest?: number; updatedAt: string; deletedAt?: string },
    ): Promise<void> => {
      const { updatedAt, deletedAt, ...same } = change;
      await db
        .updateTable('registered_model')
        .set({ ...same, updated_at: updatedAt, ...(deletedAt !== undefined && { deleted_at: deletedAt }) })
        .where('id', '=', id)
        .execute();
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
    /** Of one version, or of the model; those that were. */
    removeAliases: (modelId: string, number?: number): Promise<{ alias: string; number: number }[]> => {
      let query = db.deleteFrom('model_alias').where('model_id', '=', modelId);
      if (number !== undefined) query = query.where('number', '=', number);
      return query.returning(['alias', 'number']).execute();
    },
  };
};
