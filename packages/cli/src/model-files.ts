import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError, type BlobDigest, blobDigest, type TreeDigest, treeDigest, type TreeEntry, treeListing } from '@boucle/contract';

export interface ModelFiles {
  readonly digest: TreeDigest;
  /** With the listing that the digest is of. */
  readonly files: ReadonlyMap<BlobDigest, { readonly open: () => Readable }>;
}

/** A model's folder as it lies there, or one file as a folder of it alone. */
export const modelFiles = async (place: string): Promise<ModelFiles> => {
  const found = await stat(place).catch(() => undefined);
  if (!found)
    throw new AppError('invalid_request', `There is no ${place}: name the folder of a model, or an ONNX file`, { reason: 'no_such_file' });
  const root = found.isDirectory() ? place : path.dirname(place);
  const entries: TreeEntry[] = [];
  const files = new Map<BlobDigest, { readonly open: () => Readable }>();
  for (const name of found.isDirectory() ? await filesIn(place) : [path.basename(place)]) {
    const file = path.join(root, name);
    const blob = blobDigest(await sha256Of(file));
    entries.push({ path: name.split(path.sep).join('/'), blob, size: (await stat(file)).size });
    files.set(blob, { open: () => createReadStream(file) });
  }
  const listing = treeListing(entries);
  const digest = hash('sha256', listing);
  files.set(blobDigest(digest), { open: () => Readable.from([Buffer.from(listing)]) });
  return { digest: treeDigest(digest), files };
};

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));

const sha256Of = async (file: string): Promise<string> => {
  const digest = createHash('sha256');
  await pipeline(createReadStream(file), digest);
  return digest.digest('hex');
};
