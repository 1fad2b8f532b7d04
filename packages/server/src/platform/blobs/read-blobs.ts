import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import path from 'node:path';
import { AppError, type BlobDigest, type TreeDigest, type TreeEntry, blobDigest, hexOf, notFound } from '@boucle/contract';
import { type ByteRange, type Files, diskFiles } from '../files/index.ts';
import { atMost } from './at-most.ts';
import { copyOut, makeFolders } from './copy.ts';
import { damaged, verified } from './damaged.ts';
import type { StoredDigest } from './stored.ts';
import { readEntries } from './tree.ts';

export const filesAtOnce = 8;
const smallBytes = 16 * 1024 * 1024;

/** `<folder>/aa/bb…` holds the blob of the digits aabb…. */
export const pathIn =
  (folder: string) =>
  (digest: StoredDigest): string =>
    path.join(folder, hexOf(digest).slice(0, 2), hexOf(digest).slice(2));

/** The blobs of a folder, and nothing is written there: also beside the process that owns it. */
export const createBlobReader = (folder: string, files: Files = diskFiles) => {
  const pathOf = pathIn(folder);

  const stat = async (digest: StoredDigest): Promise<{ size: number; modifiedMs: number }> => {
    const found = await files.stat(pathOf(digest));
    if (!found) throw notFound('blob', digest);
    return { size: found.size, modifiedMs: found.modifiedMs };
  };
  /** The whole of it. It fails at its end, before the reader hears of the end, where the bytes are not what the digest says. */
  const whole = (digest: StoredDigest): AsyncIterable<Uint8Array> => verified(files.read(pathOf(digest)), digest, pathOf(digest));

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
      const bytes = start === 0 && end >= size ? whole(digest) : files.read(pathOf(digest), { start, end });
      return Readable.from(bytes, { objectMode: false, highWaterMark: 256 * 1024 });
    },
    readBytes,
    readText,
    stat,
    has: async (digest: StoredDigest): Promise<boolean> => (await files.stat(pathOf(digest))) !== undefined,
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
    tree,
    copyTo,
    copyTree: async (digest: TreeDigest, target: string): Promise<void> => {
      const entries = await tree(digest);
      await makeFolders(
        files,
        target,
        entries.map((entry) => entry.path),
      );
      await atMost(filesAtOnce, entries, (entry) => copyTo(entry.blob, path.join(target, entry.path)));
    },
    /** Every blob that is held, in the order of the digits. */
    digests: async function* (): AsyncGenerator<BlobDigest> {
      const shardNames = (await files.list(folder)).map(({ name }) => name).filter((name) => /^[0-9a-f]{2}$/.test(name));
      for (const shard of shardNames.sort()) {
        const rest = (await files.list(path.join(folder, shard))).map(({ name }) => name).filter((name) => /^[0-9a-f]{62}$/.test(name));
        for (const name of rest.sort()) yield blobDigest(shard + name);
      }
    },
  };
};
export type BlobReader = ReturnType<typeof createBlobReader>;
