import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type TreeDigest, type TreeEntry, hexOf } from '@boucle/contract';

/** What of the blob store is needed here. */
export interface PackageSource {
  tree(digest: TreeDigest): Promise<readonly TreeEntry[]>;
  copyTree(digest: TreeDigest, folder: string): Promise<void>;
}

/** Model packages as folders, by digest. A copy that is there is used if every byte is still what the digest says, and made anew otherwise. */
export const createPackageCache = (folder: string, blobs: PackageSource) => {
  const underWay = new Map<TreeDigest, Promise<string>>();

  const provide = async (digest: TreeDigest): Promise<string> => {
    const target = path.join(folder, hexOf(digest));
    if (await isWhole(target, await blobs.tree(digest))) return target;
    const fresh = `${target}.${randomUUID()}`;
    try {
      await mkdir(folder, { recursive: true });
      await blobs.copyTree(digest, fresh);
      await rm(target, { recursive: true, force: true });
      await rename(fresh, target);
    } catch (error) {
      await rm(fresh, { recursive: true, force: true });
      throw error;
    }
    return target;
  };

  return {
    /** Two endpoints may want the same package in the same moment: it is made once. */
    folderOf: (digest: TreeDigest): Promise<string> => {
      const known = underWay.get(digest);
      if (known) return known;
      const providing = provide(digest).finally(() => underWay.delete(digest));
      underWay.set(digest, providing);
      return providing;
    },
    /** At start, when nothing is under way: what is not served any more, and what a crash left half made, goes. */
    keepOnly: async (digests: readonly TreeDigest[]): Promise<void> => {
      const kept = new Set<string>(digests.map(hexOf));
      const found = await readdir(folder).catch(() => []);
      for (const name of found) if (!kept.has(name)) await rm(path.join(folder, name), { recursive: true, force: true });
    },
  };
};

const isWhole = async (folder: string, entries: readonly TreeEntry[]): Promise<boolean> => {
  for (const { path: file, blob, size } of entries) {
    const found = await stat(path.join(folder, file)).catch(() => undefined);
    if (found?.size !== size || (await sha256Of(path.join(folder, file))) !== hexOf(blob)) return false;
  }
  return true;
};

const sha256Of = async (file: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
};
