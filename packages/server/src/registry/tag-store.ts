import type { Tx } from '../platform/index.ts';

interface TagRow {
  key: string;
  value: string;
}
type Tables = { registered_model_tag: TagRow & { model_id: string }; model_version_tag: TagRow & { version_id: string } };
type Texts = Readonly<Record<string, string>>;

/** Tags of models, and of versions: texts by key. */
export const tagStore = (tx: Tx) => ({
  models: tagsIn(tx, 'registered_model_tag', 'model_id'),
  versions: tagsIn(tx, 'model_version_tag', 'version_id'),
});

const tagsIn = (tx: Tx, table: keyof Tables, owner: 'model_id' | 'version_id') => {
  const db = tx.withTables<Record<typeof table, TagRow & { model_id: string; version_id: string }>>();
  return {
    of: async (ids: readonly string[]): Promise<(id: string) => Record<string, string>> => {
      const rows = ids.length === 0 ? [] : await db.selectFrom(table).selectAll().where(owner, 'in', ids).orderBy('key').execute();
      return (id) => Object.fromEntries(rows.filter((row) => row[owner] === id).map(({ key, value }) => [key, value]));
    },
    set: async (id: string, tags: Texts): Promise<void> => {
      const keys = Object.keys(tags).sort();
      if (keys.length === 0) return;
      await db
        .insertInto(table)
        .values(keys.map((key) => ({ [owner]: id, key, value: tags[key]! })) as never)
        .onConflict((c) => c.columns([owner, 'key']).doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })))
        .execute();
    },
    /** False where there was none. */
    remove: async (id: string, key: string): Promise<boolean> => {
      const { numDeletedRows } = await db.deleteFrom(table).where(owner, '=', id).where('key', '=', key).executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
};
