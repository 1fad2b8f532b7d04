import { Readable } from 'node:stream';
import path from 'node:path';
import { type TreeEntry, hexOf, treeDigest, treeListing } from '@boucle/contract';
import { type Files, diskFiles } from '../files/index.ts';
import { atMost } from './at-most.ts';
import { openParts } from './parts.ts';
import { createBlobReader, filesAtOnce } from './read-blobs.ts';
import { openStore } from './store.ts';
import type { PutOptions, StoredBlob, StoredDigest, StoredTree } from './stored.ts';
import { filesIn } from './tree.ts';

/**
 * Bytes by their SHA-256, in a folder that one process owns. What a put answered is durable.
 * A put always writes its bytes anew, so that putting a damaged blob again mends it.
 */
export const createBlobs = async (folder: string, files: Files = diskFiles) => {
  const store = await openStore(folder, files);

  const put = (source: AsyncIterable<Uint8Array>, options: PutOptions = {}): Promise<StoredBlob> => store.put(source, options);
  const putBytes = (bytes: Uint8Array | string, options: PutOptions = {}): Promise<StoredBlob> =>
    put(Readable.from([typeof bytes === 'string' ? Buffer.from(bytes) : bytes]), options);
  /** A file that stands outside; it is copied. */
  const putFile = (file: string, options: PutOptions = {}): Promise<StoredBlob> => put(files.read(file), options);

  return {
    ...createBlobReader(folder, files),
    put,
    putBytes,
    putFile,
    /** Every file in it, by its path; links, sockets and the like are refused. Empty folders and modes are no part of a tree. */
    putFolder: async (source: string): Promise<StoredTree> => {
      const entries = await atMost(filesAtOnce, await filesIn(files, source), async (file): Promise<TreeEntry> => {
        const { digest: blob, size } = await putFile(path.join(source, file));
        return { path: file, blob, size };
      });
      const { digest } = await putBytes(treeListing(entries));
      return { tree: treeDigest(hexOf(digest)), entries };
    },
    /** Those that are not there. The others count as written now: whoever asked may go on to name them, and sends no bytes. */
    missing: async <D extends StoredDigest>(digests: readonly D[]): Promise<D[]> => {
      const found = await atMost(filesAtOnce, digests, store.touch);
      return digests.filter((_, i) => !found[i]);
    },
    removeOld: store.removeOld,
    /** What is sent piece by piece, until it is whole. */
    parts: await openParts(folder, files, store),
  };
};
export type Blobs = Awaited<ReturnType<typeof createBlobs>>;
