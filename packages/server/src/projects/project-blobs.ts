import type { Readable } from 'node:stream';
import { type BlobDigest, type Digest, notFound } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import type { Blobs } from '../platform/blobs/index.ts';
import type { Clock, Db, Tx } from '../platform/index.ts';
import { blobRefStore } from './blob-ref-store.ts';
import { type StoredFile, storedFile } from './stored-file.ts';

interface Parts {
  db: Db;
  clock: Clock;
  blobs: Blobs;
  maxUploadBytes: number;
}

/** The blobs that a project may read. */
export const createProjectBlobs = ({ db, clock, blobs, maxUploadBytes }: Parts) => {
  /** In the write that stores the thing which needs them. */
  const hold = (tx: Tx, projectId: string, digests: readonly Digest[]): Promise<void> =>
    blobRefStore(tx).hold(projectId, digests, clock.now());

  return {
    hold,
    /** For blobs that go. */
    forget: (digests: readonly BlobDigest[]): Promise<void> => db.write((tx) => blobRefStore(tx).forget(digests)),
    put: async ({ project }: Actor, digest: string, data: Readable): Promise<{ digest: BlobDigest; size: number }> => {
      const stored = await blobs.put(data, { expected: digest as BlobDigest, maxBytes: maxUploadBytes });
      await db.write((tx) => hold(tx, project.id, [stored.digest]));
      return { digest: stored.digest, size: stored.size };
    },
    get: async (project: ProjectRef, digest: string): Promise<StoredFile> => {
      const blob = digest as BlobDigest;
      if (!(await blobRefStore(db.read).holds(project.id, blob))) throw notFound('blob', digest);
      return storedFile(blobs, blob, digest.replace(':', '-'));
    },
    /** Those that the project does not hold, and those that it holds and the store has lost. */
    missing: async (project: ProjectRef, digests: readonly string[]): Promise<BlobDigest[]> => {
      const unheld = new Set(await blobRefStore(db.read).unheld(project.id, digests as readonly Digest[]));
      const asked = [...new Set(digests.map((digest) => digest.replace(/^\w+:/, 'blob:') as BlobDigest))];
      const lost = new Set(await blobs.missing(asked.filter((digest) => !unheld.has(digest))));
      return asked.filter((digest) => unheld.has(digest) || lost.has(digest));
    },
  };
};
export type ProjectBlobs = ReturnType<typeof createProjectBlobs>;
