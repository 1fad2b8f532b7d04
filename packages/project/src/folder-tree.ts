import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type BlobDigest, type TreeDigest, type TreeEntry, blobDigest, treeDigest, treeListing } from '@boucle/contract';

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

export const hashFile = async (path: string): Promise<BlobDigest> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return blobDigest(hash.digest('hex'));
};

export interface FolderTree {
  readonly digest: TreeDigest;
  readonly entries: readonly TreeEntry[];
  /** To be stored as a blob of the digest's own digits. */
  readonly listing: string;
}
export const treeOf = (entries: readonly TreeEntry[]): FolderTree => {
  const listing = treeListing(entries);
  return { digest: treeDigest(sha256(listing)), entries, listing };
};

/** Every file under a folder by digest. Links are followed: a tree knows only files. */
export const readFolderTree = async (folder: string): Promise<FolderTree> => treeOf(await entriesOf(folder, ''));

const entriesOf = async (folder: string, prefix: string): Promise<TreeEntry[]> => {
  const names = (await readdir(join(folder, prefix))).sort();
  const found: TreeEntry[] = [];
  for (const name of names) {
    const path = prefix ? `${prefix}/${name}` : name;
    const file = join(folder, path);
    const { size, ...kind } = await stat(file).then((s) => ({ size: s.size, isFile: s.isFile(), isFolder: s.isDirectory() }));
    if (kind.isFolder) found.push(...(await entriesOf(folder, path)));
    else if (kind.isFile) found.push({ path, blob: await hashFile(file), size });
  }
  return found;
};
