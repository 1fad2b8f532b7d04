import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import { AppError, type BlobDigest, blobDigest, hexOf, invalid } from '@boucle/contract';
import { type Files, ensureFolder, hasCode, onStorage, shareSync } from '../files/index.ts';
import { createComings } from './comings.ts';
import { pathIn } from './read-blobs.ts';
import type { PutOptions, StoredBlob, StoredDigest } from './stored.ts';
import { writeWhole } from './write-whole.ts';

/**
 * `<folder>/aa/bb…` holds the blob of the digits aabb…, `<folder>/tmp` what is being written.
 * Order of a put: bytes, fsync, rename, fsync of the folder. What a crash leaves in `tmp` goes at the next opening.
 */
export const openStore = async (folder: string, files: Files) => {
  const temporaryFolder = path.join(folder, 'tmp');
  const pathOf = pathIn(folder);
  const comings = createComings();

  await onStorage(folder, async () => {
    await ensureFolder(files, temporaryFolder);
    for (const { name } of await files.list(temporaryFolder)) await files.unlink(path.join(temporaryFolder, name));
  });

  const shards = new Map<string, { made: Promise<void>; sync: () => Promise<void> }>();
  /** Ensured once in a process, also where it is there: whoever made it may have died before its name was durable. */
  const shardOf = (shard: string): { made: Promise<void>; sync: () => Promise<void> } => {
    const known = shards.get(shard);
    if (known) return known;
    const fresh = { made: ensureFolder(files, shard), sync: shareSync(() => files.syncFolder(shard)) };
    shards.set(shard, fresh);
    fresh.made.catch(() => shards.delete(shard));
    return fresh;
  };

  const giveName = async (temporary: string, digest: BlobDigest): Promise<boolean> => {
    const target = pathOf(digest);
    const shard = shardOf(path.dirname(target));
    await shard.made;
    const created = await comings.stays(digest, async () => {
      const isNew = (await files.stat(target)) === undefined;
      await files.rename(temporary, target);
      return isNew;
    });
    await shard.sync();
    return created;
  };

  /** Writes the bytes down, and lets `name` give the file its name by what they turned out to be. */
  const take = <T>(
    source: AsyncIterable<Uint8Array>,
    { expected, maxBytes = Infinity }: PutOptions,
    name: (temporary: string, taken: { digest: BlobDigest; size: number }) => Promise<T>,
  ): Promise<T> => {
    const temporary = path.join(temporaryFolder, randomUUID());
    const hash = createHash('sha256');
    let size = 0;
    const hashed = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of source) {
        size += chunk.length;
        if (size > maxBytes) throw tooLarge(maxBytes);
        hash.update(chunk);
        yield chunk;
      }
    };
    return writeWhole({
      files,
      source: hashed(),
      temporary,
      durable: true,
      folder,
      finish: () => {
        const digest = blobDigest(hash.digest('hex'));
        if (expected && hexOf(expected) !== hexOf(digest)) throw mismatch(expected, digest);
        return name(temporary, { digest, size });
      },
    });
  };

  return {
    pathOf,
    take,
    put: (source: AsyncIterable<Uint8Array>, options: PutOptions): Promise<StoredBlob> =>
      take(source, options, async (temporary, { digest, size }) => ({ digest, size, created: await giveName(temporary, digest) })),
    /** Whether it is there; then it counts as written now. */
    touch: (digest: StoredDigest): Promise<boolean> =>
      comings.stays(digest, async () => {
        try {
          await files.touch(pathOf(digest));
          return true;
        } catch (error) {
          if (hasCode(error, 'ENOENT', 'ENOTDIR')) return false;
          throw error;
        }
      }),
    /**
     * Takes away those of these that were neither written nor asked for since; whoever comes meanwhile waits, or was first and keeps
     * its blob. `forget` is told of them before. Not synced: what a power cut brings back is found again.
     */
    removeOld: (digests: readonly BlobDigest[], { before, forget }: Removal): Promise<BlobDigest[]> =>
      comings.goes(digests, async (leaving) => {
        const found = await Promise.all(leaving.map((digest) => files.stat(pathOf(digest))));
        const old = leaving.filter((_, i) => (found[i]?.modifiedMs ?? Infinity) < before.getTime());
        if (old.length > 0) await forget(old);
        for (const digest of old) await files.unlink(pathOf(digest));
        return old;
      }),
  };
};

export interface Removal {
  readonly before: Date;
  readonly forget: (digests: readonly BlobDigest[]) => Promise<void>;
}

const tooLarge = (maxBytes: number): AppError =>
  new AppError('too_large', `More than ${maxBytes} bytes came: send less, or have the limit raised`, {
    reason: 'blob_too_large',
    details: { maxBytes },
  });

const mismatch = (expected: StoredDigest, digest: BlobDigest): AppError =>
  invalid(`The bytes have the digest ${digest}, not ${expected}: send them again, or correct the digest`, 'digest_mismatch', {
    expected,
    digest,
  });
