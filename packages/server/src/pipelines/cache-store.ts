import type { StepArtifact } from '@boucle/contract';
import type { Tx } from '../platform/index.ts';
import { decode, encode, type Stored } from './json-columns.ts';

interface CacheRow {
  project_id: string;
  key: string;
  step_run_id: string;
  outputs: Record<string, StepArtifact>;
  created_at: string;
}

const json = ['outputs'] as const;
type Tables = { cache_entry: Stored<CacheRow, (typeof json)[number]> };

/** Outputs by the key that says what they were computed from. */
export const cacheStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  return {
    find: async (projectId: string, key: string): Promise<CacheRow | undefined> => {
      const row = await db
        .selectFrom('cache_entry')
        .selectAll()
        .where('project_id', '=', projectId)
        .where('key', '=', key)
        .executeTakeFirst();
      return row && decode<CacheRow>(row, json);
    },
    keep: async (row: CacheRow): Promise<void> => {
      const stored: Tables['cache_entry'] = encode(row, json);
      await db
        .insertInto('cache_entry')
        .values(stored)
        .onConflict((c) =>
          c
            .columns(['project_id', 'key'])
            .doUpdateSet({ step_run_id: row.step_run_id, outputs: stored.outputs, created_at: row.created_at }),
        )
        .execute();
    },
    forget: async (projectId: string, key: string): Promise<void> => {
      await db.deleteFrom('cache_entry').where('project_id', '=', projectId).where('key', '=', key).execute();
    },
  };
};
