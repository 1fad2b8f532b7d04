import type { BlobDigest } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import type { Tx } from '../platform/index.ts';
import type { ArtifactOwner } from './artifact-store.ts';

export interface UploadPart {
  readonly number: number;
  readonly size: number;
  readonly digest: BlobDigest;
}
interface UploadRow {
  id: string;
  project_id: string;
  owner: ArtifactOwner;
  path: string;
  created_at: string;
  blob: BlobDigest | null;
  size: number | null;
}
type Tables = { artifact_upload: UploadRow; artifact_part: UploadPart & { upload_id: string } };

/** Files that are on their way in parts. Those that have become whole stay a while, so that a repeated end is answered as the first was. */
export const uploadStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  return {
    insert: async (
      project: ProjectRef,
      { id, owner, path, at }: { id: string; owner: ArtifactOwner; path: string; at: Date },
    ): Promise<void> => {
      await db
        .insertInto('artifact_upload')
        .values({ id, project_id: project.id, owner, path, created_at: at.toISOString(), blob: null, size: null })
        .execute();
    },
    find: async (project: ProjectRef, id: string) => {
      const row = await db
        .selectFrom('artifact_upload')
        .selectAll()
        .where('project_id', '=', project.id)
        .where('id', '=', id)
        .executeTakeFirst();
      if (!row) return undefined;
      const { owner, path, blob, size } = row;
      return { id, owner, path, artifact: blob === null ? null : { path, blob, size: size! } };
    },
    parts: (id: string): Promise<UploadPart[]> =>
      db.selectFrom('artifact_part').select(['number', 'size', 'digest']).where('upload_id', '=', id).orderBy('number').execute(),
    /** A part that is sent again takes the place of the first. */
    putPart: async (id: string, { number, size, digest }: UploadPart): Promise<void> => {
      await db
        .insertInto('artifact_part')
        .values({ upload_id: id, number, size, digest })
        .onConflict((c) => c.columns(['upload_id', 'number']).doUpdateSet({ size, digest }))
        .execute();
    },
    end: async (id: string, { blob, size }: { blob: BlobDigest; size: number }): Promise<void> => {
      await db.deleteFrom('artifact_part').where('upload_id', '=', id).execute();
      await db.updateTable('artifact_upload').set({ blob, size }).where('id', '=', id).execute();
    },
    remove: async (ids: readonly string[]): Promise<void> => {
      await db.deleteFrom('artifact_part').where('upload_id', 'in', ids).execute();
      await db.deleteFrom('artifact_upload').where('id', 'in', ids).execute();
    },
    /** Some of those that began before. */
    begunBefore: async (at: Date, limit: number): Promise<string[]> => {
      const rows = db.selectFrom('artifact_upload').select('id').where('created_at', '<', at.toISOString()).limit(limit);
      return (await rows.execute()).map(({ id }) => id);
    },
    /** Those of the ids that are uploads. */
    among: async (ids: readonly string[]): Promise<Set<string>> => {
      if (ids.length === 0) return new Set();
      return new Set((await db.selectFrom('artifact_upload').select('id').where('id', 'in', ids).execute()).map(({ id }) => id));
    },
  };
};
