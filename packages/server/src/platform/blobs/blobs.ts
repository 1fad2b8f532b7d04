import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import path from 'node:path';
import { AppError, type BlobDigest, type TreeDigest, type TreeEntry, hexOf, notFound, treeDigest, treeListing } from '@boucle/contract';
import { type ByteRange, type Files, diskFiles } from '../files/index.ts';
import { atMost } from './at-most.ts';
import { copyOut, makeFolders } from './copy.ts';
import { damaged, verified } from './damaged.ts';
import { openParts } from './parts.ts';
import { openStore } from './store.ts';
import type { PutOptions, StoredBlob, StoredDigest, StoredTree } from './stored.ts';
import { filesIn, readEntries } from './tree.ts';

const filesAtOnce = 8;
const smallBytes = 16 * 1024 * 1024;

/**
 * Bytes by their SHA-256, in a folder that one process owns. What a put answered is durable.
 * A put always writes its bytes anew, so that putting a damaged blob again mends it.
 */
export const createBlobs = async (folder: string, files: Files = diskFiles) => {
  const store = await openStore(folder, files);

  const stat = async (digest: StoredDigest): Promise<{ size: number }> => {
    const found = await files.stat(store.pathOf(digest));
    if (!found) throw notFound('blob', digest);
    return { size: found.size };
  };
  /** The whole of it. It fails at its end, before the reader hears of the end, where the bytes are not what the digest says. */
  const whole = (digest: StoredDigest): AsyncIterable<Uint8Array> =>
    verified(files.read(store.pathOf(digest)), digest, store.pathOf(digest));

  const put = (source: AsyncIterable<Uint8Array>, options: PutOptions = {}): Promise<StoredBlob> => store.put(source, options);
  const putBytes = (bytes: Uint8Array | string, options: PutOptions = {}): Promise<StoredBlob> =>
    put(Readable.from([typeof bytes === 'string' ? Buffer.from(bytes) : bytes]), options);
  /** A file that stands outside; it is copied. */
  const putFile = (file: string, options: PutOptions = {}): Promise<StoredBlob> => put(files.read(file), options);

  const readBytes = async (digest: StoredDigest, { limit = smallBytes }: { limit?: number } = {}): Promise<Buffer> => {
    const { size } = await stat(digest);
    if (size > limit) {
      throw new AppError('too_large', `Blob ${digest} has ${size} bytes, and ${limit} is the most that is read at once: stream it`, {
        reason: 'blob_too_large',
        details: { digest, size, limit },
      });
    }
    return buffer(whole(digest));
  };
  const readText = async (digest: StoredDigest, options: { limit?: number } = {}): Promise<string> =>
    (await readBytes(digest, options)).toString('utf8');

  const tree = async (digest: TreeDigest): Promise<TreeEntry[]> =>
    readEntries(await readText(digest, { limit: 256 * 1024 * 1024 }), digest);

  /** A whole, checked copy, or none. Not synced: a copy can be made again. */
  const copyTo = async (digest: StoredDigest, target: string): Promise<void> => {
    await stat(digest);
    await copyOut(files, whole(digest), target);
  };

  return {
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
    /**
     * A whole read is checked while it streams and fails before its end if the blob is damaged.
     * A part cannot be checked against the digest of the whole: `verify` first where that matters.
     */
    read: async (digest: StoredDigest, range: ByteRange = {}): Promise<Readable> => {
      const { size } = await stat(digest);
      const { start = 0, end = size } = range;
      if (start < 0 || start > end || start > size) {
        throw new AppError('invalid_request', `Bytes ${start} to ${end} do not lie in blob ${digest}, which has ${size}`, {
          reason: 'range_not_satisfiable',
          details: { digest, size },
        });
      }
      const bytes = start === 0 && end >= size ? whole(digest) : files.read(store.pathOf(digest), { start, end });
      return Readable.from(bytes, { objectMode: false, highWaterMark: 256 * 1024 });
    },
    readBytes,
    readText,
    stat,
    has: async (digest: StoredDigest): Promise<boolean> => (await files.stat(store.pathOf(digest))) !== undefined,
    /** Reads it all: are the bytes still what the digest says? */
    verify: async (digest: StoredDigest): Promise<boolean> => {
      await stat(digest);
      try {
        for await (const _ of whole(digest));
        return true;
      } catch (error) {
        if (error instanceof AppError && error.reason === damaged) return false;
        throw error;
      }
    },
    missing: async <D extends StoredDigest>(digests: readonly D[]): Promise<D[]> => {
      const found = await atMost(filesAtOnce, digests, (digest) => files.stat(store.pathOf(digest)));
      return digests.filter((_, i) => found[i] === undefined);
    },
    tree,
    copyTo,
    /** All files of the tree below `target`, which is made. */
    copyTree: async (digest: TreeDigest, target: string): Promise<void> => {
      const entries = await tree(digest);
      await makeFolders(
        files,
        target,
        entries.map((entry) => entry.path),
      );
      await atMost(filesAtOnce, entries, (entry) => copyTo(entry.blob, path.join(target, entry.path)));
    },
    /** What is sent piece by piece, until it is whole. */
    parts: await openParts(folder, files, store),
    /** Every blob that is held, in the order of the digits. */
    digests: (): AsyncGenerator<BlobDigest> => store.digests(),
  };
};
export type Blobs = Awaited<ReturnType<typeof createBlobs>>;
