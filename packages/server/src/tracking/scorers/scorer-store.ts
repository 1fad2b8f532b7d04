import { sql } from 'kysely';
import type { ProjectRef } from '../../governance/index.ts';
import { among, type Tx } from '../../platform/index.ts';
import type { ScorerName, ScorerVersion } from './scorer.ts';

type Tables = {
  scorer: { id: string; project_id: string; experiment_id: string; name: string; last_version: number };
  scorer_version: { scorer_id: string; version: number; body: string; created_at: number };
};
export const scorerStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  const named = ({ experimentId, name }: ScorerName) =>
    db.selectFrom('scorer').where('experiment_id', '=', experimentId).where('name', '=', name);
  const versions = () => db.selectFrom('scorer_version as v').innerJoin('scorer as s', 's.id', 'v.scorer_id');
  const columns = ['s.id', 's.experiment_id', 's.name', 'v.version', 'v.body', 'v.created_at'] as const;
  const removeAll = async (ids: readonly string[]): Promise<void> => {
    await db.deleteFrom('scorer_version').where('scorer_id', 'in', ids).execute();
    await db.deleteFrom('scorer').where('id', 'in', ids).execute();
  };

  return {
    /** The scorer that has the name, made where it is not there, and the number that is next. */
    next: async (project: ProjectRef, { experimentId, name }: ScorerName, newId: string): Promise<{ id: string; version: number }> => {
      const { id, last_version } = await db
        .insertInto('scorer')
        .values({ id: newId, project_id: project.id, experiment_id: experimentId, name, last_version: 1 })
        .onConflict((c) => c.columns(['experiment_id', 'name']).doUpdateSet({ last_version: sql`scorer.last_version + 1` }))
        .returning(['id', 'last_version'])
        .executeTakeFirstOrThrow();
      return { id, version: last_version };
    },
    insert: async ({ scorerId, version, body, createdAt }: ScorerVersion): Promise<void> => {
      await db.insertInto('scorer_version').values({ scorer_id: scorerId, version, body, created_at: createdAt }).execute();
    },
    /** All of a scorer, the first one first. */
    versions: async ({ experimentId, name }: ScorerName): Promise<ScorerVersion[]> => {
      const rows = versions().select(columns).where('s.experiment_id', '=', experimentId).where('s.name', '=', name);
      return (await rows.orderBy('v.version').execute()).map(versionOf);
    },
    /** The newest of each scorer of these experiments. */
    newest: async (experimentIds: readonly string[]): Promise<ScorerVersion[]> => {
      const rows = versions()
        .select(columns)
        .where(among(tx, sql.ref('s.experiment_id'), experimentIds))
        .where(sql<boolean>`v.version = (select max(version) from scorer_version where scorer_id = s.id)`);
      return (await rows.orderBy('s.experiment_id').orderBy('s.name').execute()).map(versionOf);
    },
    experimentsOf: async (project: ProjectRef, id: string): Promise<string[]> => {
      const rows = db.selectFrom('scorer').select('experiment_id').where('project_id', '=', project.id).where('id', '=', id);
      return (await rows.execute()).map((row) => row.experiment_id);
    },
    /** One version, or the scorer with all of them; false where there was none. */
    remove: async (name: ScorerName, version?: number): Promise<boolean> => {
      const found = await named(name).select('id').executeTakeFirst();
      if (!found) return false;
      if (version === undefined) {
        await removeAll([found.id]);
        return true;
      }
      const gone = db.deleteFrom('scorer_version').where('scorer_id', '=', found.id).where('version', '=', version);
      return (await gone.executeTakeFirst()).numDeletedRows > 0n;
    },
    /** Up to `limit` of an experiment, with their versions; how many is told. */
    purgeSome: async (experimentId: string, limit: number): Promise<number> => {
      const rows = await db.selectFrom('scorer').select('id').where('experiment_id', '=', experimentId).limit(limit).execute();
      if (rows.length > 0) await removeAll(rows.map(({ id }) => id));
      return rows.length;
    },
  };
};

const versionOf = (row: {
  id: string;
  experiment_id: string;
  name: string;
  version: number;
  body: string;
  created_at: number;
}): ScorerVersion => ({
  scorerId: row.id,
  experimentId: row.experiment_id,
  name: row.name,
  version: row.version,
  body: row.body,
  createdAt: row.created_at,
});
