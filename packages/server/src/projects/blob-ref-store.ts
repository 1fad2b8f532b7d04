import { type BlobDigest, type Digest, blobDigest, hexOf } from '@boucle/contract';
import type { Tx } from '../platform/index.ts';

type Tables = { blob_ref: { project_id: string; digest: string; created_at: string } };
/** Databases bound the number of values in one statement. */
const atOnce = 5000;

/** A tree's listing is a blob of the same digits, and is held as that. */
const asBlob = (digest: Digest): BlobDigest => blobDigest(hexOf(digest));

/** Which project may read which blob: to know a digest is not to be allowed to read it. */
export const blobRefStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  return {
    hold: async (projectId: string, digests: readonly Digest[], at: Date): Promise<void> => {
      // In order: writes that hold some of the same blobs then wait for each other, and not in a circle.
      const held = [...new Set(digests.map(asBlob))]
        .sort()
        .map((digest) => ({ project_id: projectId, digest, created_at: at.toISOString() }));
      for (let i = 0; i < held.length; i += atOnce) {
        await db
          .insertInto('blob_ref')
          .values(held.slice(i, i + atOnce))
          .onConflict((c) => c.doNothing())
          .execute();
      }
    },
    /** No project may read these any more. */
    forget: async (digests: readonly BlobDigest[]): Promise<void> => {
      // The key begins with the project.
      const projects = db.withTables<{ project: { id: string } }>().selectFrom('project').select('id');
      await db.deleteFrom('blob_ref').where('project_id', 'in', projects).where('digest', 'in', digests).execute();
    },
    holds: async (projectId: string, digest: Digest): Promise<boolean> => {
      const row = db.selectFrom('blob_ref').select('digest').where('project_id', '=', projectId).where('digest', '=', asBlob(digest));
      return (await row.executeTakeFirst()) !== undefined;
    },
    /** Those of the digests that the project does not hold, each once. */
    unheld: async (projectId: string, digests: readonly Digest[]): Promise<BlobDigest[]> => {
      const asked = [...new Set(digests.map(asBlob))];
      const held = new Set<string>();
      for (let i = 0; i < asked.length; i += atOnce) {
        const part = db
          .selectFrom('blob_ref')
          .select('digest')
          .where('project_id', '=', projectId)
          .where('digest', 'in', asked.slice(i, i + atOnce));
        for (const { digest } of await part.execute()) held.add(digest);
      }
      return asked.filter((digest) => !held.has(digest));
    },
  };
};
