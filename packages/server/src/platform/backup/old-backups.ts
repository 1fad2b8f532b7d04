import { unlink } from 'node:fs/promises';
import path from 'node:path';
import { blobDigest, hexOf } from '@boucle/contract';
import type { BlobReader, Blobs } from '../blobs/index.ts';
import { diskFiles } from '../files/index.ts';
import { type BackupManifest, listBackups, manifestFolder, readBlobList, readManifest } from './manifest.ts';

const listBytes = 2 ** 30;

/** Leaves the newest so many, and the content that they name; answers which went. */
export const dropOldBackups = async (folder: string, store: Blobs, keep: number): Promise<string[]> => {
  const ids = await listBackups(folder);
  const old = ids.slice(0, -keep);
  // All that stay are read before anything goes.
  const needed = new Set<string>();
  for (const id of ids.slice(-keep)) for (const hex of await contentsOf(store, await readManifest(folder, id))) needed.add(hex);
  for (const id of old) await unlink(path.join(manifestFolder(folder), `${id}.json`));
  await diskFiles.syncFolder(manifestFolder(folder));
  const before = new Date(8.64e15);
  for await (const digest of store.digests())
    if (!needed.has(hexOf(digest))) await store.removeOld([digest], { before, forget: async () => {} });
  return old;
};

/** The digits of all that a backup names. */
const contentsOf = async (store: BlobReader, { database, files, blobs }: BackupManifest): Promise<string[]> => [
  ...[database, blobs.list, ...files].map(({ digest }) => hexOf(digest)),
  ...(await blobsOf(store, blobs)).map(({ hex }) => hex),
];

export const blobsOf = async (store: BlobReader, { list }: BackupManifest['blobs']): Promise<{ hex: string; size: number }[]> =>
  readBlobList(await store.readText(blobDigest(hexOf(list.digest)), { limit: listBytes }));
