import type { Artifact, BlobDigest } from '@boucle/contract';
import type { Tx } from '../platform/index.ts';

interface ArtifactRow {
  run_id: string;
  path: string;
  blob: BlobDigest;
  size: number;
}
type Tables = { run_artifact: ArtifactRow };
type StoredArtifact = Artifact & { readonly blob: BlobDigest };

const fromRow = ({ path, size, blob }: ArtifactRow): StoredArtifact => ({ path, size, blob });

export const artifactStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  return {
    /** A path that is there gets the new blob. */
    put: async (runId: string, { path, size, blob }: StoredArtifact): Promise<void> => {
      await db
        .insertInto('run_artifact')
        .values({ run_id: runId, path, size, blob })
        .onConflict((c) => c.columns(['run_id', 'path']).doUpdateSet({ size, blob }))
        .execute();
    },
    find: async (runId: string, path: string): Promise<StoredArtifact | undefined> => {
      const row = await db.selectFrom('run_artifact').selectAll().where('run_id', '=', runId).where('path', '=', path).executeTakeFirst();
      return row && fromRow(row);
    },
    list: async (runId: string): Promise<StoredArtifact[]> =>
      (await db.selectFrom('run_artifact').selectAll().where('run_id', '=', runId).orderBy('path').execute()).map(fromRow),
    /** A file where this path needs a folder, or one below where it needs a file. `0` follows `/`. */
    inTheWay: async (runId: string, path: string): Promise<string | undefined> => {
      const names = path.split('/');
      const folders = names.slice(1).map((_, i) => names.slice(0, i + 1).join('/'));
      const row = await db
        .selectFrom('run_artifact')
        .select('path')
        .where('run_id', '=', runId)
        .where((eb) =>
          eb.or([
            eb.and([eb('path', '>=', `${path}/`), eb('path', '<', `${path}0`)]),
            ...(folders.length > 0 ? [eb('path', 'in', folders)] : []),
          ]),
        )
        .limit(1)
        .executeTakeFirst();
      return row?.path;
    },
  };
};
