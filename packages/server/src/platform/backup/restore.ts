import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError, type BlobDigest, blobDigest } from '@boucle/contract';
import { atMost, type BlobReader, createBlobReader, createBlobs } from '../blobs/index.ts';
import { checkFile, fillPostgres } from '../db/index.ts';
import { diskFiles, onStorage } from '../files/index.ts';
import { checkSegment } from '../segments/index.ts';
import type { Progress } from './back-up.ts';
import { type BackedUpFile, type BackupManifest, contentFolder, readManifest } from './manifest.ts';
import { blobsOf } from './old-backups.ts';

export interface RestoreOptions {
  readonly folder: string;
  /** The newest where nothing is said. */
  readonly id?: string | undefined;
  /** The data directory that it becomes. */
  readonly data: string;
  /** An empty Postgres database; SQLite in the data directory without it. */
  readonly postgres?: string | undefined;
  readonly onProgress?: (progress: Progress) => void;
}

const filesAtOnce = 8;

/** Builds beside the target, checks all of it, and gives it the target's name: half a restore is none. */
export const restore = async (options: RestoreOptions): Promise<BackupManifest> => {
  const { folder, id, data, postgres } = options;
  const manifest = await readManifest(folder, id);
  await refuseFilled(data);
  const making = `${data}.restoring`;
  await onStorage(making, async () => {
    await rm(making, { recursive: true, force: true });
    await mkdir(path.join(making, 'blobs'), { recursive: true });
  });
  try {
    await build(making, manifest, options);
    if (postgres !== undefined) {
      await fillPostgres(path.join(making, 'boucle.sqlite'), postgres);
      await rm(path.join(making, 'boucle.sqlite'));
    }
    if (existsSync(data)) await rmdir(data);
    await onStorage(data, async () => {
      await rename(making, data);
      await diskFiles.syncFolder(path.dirname(data));
    });
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    throw error;
  }
  return manifest;
};

const build = async (making: string, manifest: BackupManifest, { folder, onProgress = () => {} }: RestoreOptions): Promise<void> => {
  const source = createBlobReader(contentFolder(folder));
  const store = await createBlobs(path.join(making, 'blobs'));
  const database = path.join(making, 'boucle.sqlite');
  onProgress({ station: 'database', done: 0, of: 1 });
  await refusingDamage(folder, [manifest.database], ({ digest }) => source.copyTo(digest, database));
  await checkFile(database);
  await syncFile(database);
  onProgress({ station: 'database', done: 1, of: 1 });

  let done = 0;
  await refusingDamage(folder, manifest.files, async (file) => {
    await restoreFile(source, file, path.join(making, file.path));
    onProgress({ station: 'log', done: (done += 1), of: manifest.files.length });
  });
  const blobs = await blobsOf(source, manifest.blobs);
  done = 0;
  await refusingDamage(
    folder,
    blobs.map(({ hex }) => ({ digest: blobDigest(hex) })),
    async ({ digest }) => {
      await store.put(await source.read(digest), { expected: digest });
      onProgress({ station: 'blobs', done: (done += 1), of: blobs.length });
    },
  );
};

const restoreFile = async (source: BlobReader, { digest, path: name, records }: BackedUpFile, target: string): Promise<void> => {
  await mkdir(path.dirname(target), { recursive: true });
  await source.copyTo(digest, target);
  await syncFile(target);
  if (records !== undefined && checkSegment(path.basename(name), await readFile(target)).records !== records)
    throw new AppError('failed_precondition', `${name} has other records than were backed up`, { reason: 'damaged_backup' });
};

/** All are tried, so that all that are damaged are named. */
const refusingDamage = async <T extends { readonly digest: BlobDigest }>(
  folder: string,
  all: readonly T[],
  work: (one: T) => Promise<void>,
): Promise<void> => {
  const damaged: BlobDigest[] = [];
  await atMost(filesAtOnce, all, async (one) => {
    try {
      await work(one);
    } catch (error) {
      if (!(error instanceof AppError) || (error.code !== 'not_found' && error.reason !== 'damaged_blob')) throw error;
      damaged.push(one.digest);
    }
  });
  if (damaged.length === 0) return;
  throw new AppError(
    'failed_precondition',
    `${damaged.length} blobs of the backup are damaged or missing: ${damaged.slice(0, 3).join(', ')}. Nothing was restored: back up again with --verify, which mends them from the original, or take another backup`,
    { reason: 'damaged_backup', details: { folder, damaged: damaged.slice(0, 1000), count: damaged.length } },
  );
};

/** Reads all that a backup names, and writes nothing. */
export const checkBackup = async ({
  folder,
  id,
  onProgress = () => {},
}: Pick<RestoreOptions, 'folder' | 'id' | 'onProgress'>): Promise<BackupManifest> => {
  const manifest = await readManifest(folder, id);
  const source = createBlobReader(contentFolder(folder));
  const { database, files, blobs } = manifest;
  await refusingDamage(folder, [blobs.list], async () => void (await blobsOf(source, blobs)));
  const all = [database, ...files, ...(await blobsOf(source, blobs)).map(({ hex }) => ({ digest: blobDigest(hex) }))];
  let done = 0;
  await refusingDamage(folder, all, async ({ digest }) => {
    for await (const _ of await source.read(digest));
    onProgress({ station: 'check', done: (done += 1), of: all.length });
  });
  return manifest;
};

const refuseFilled = async (data: string): Promise<void> => {
  const found = existsSync(data) ? await onStorage(data, () => readdir(data)) : [];
  if (found.length === 0) return;
  throw new AppError('conflict', `${data} is not empty: restore into a folder that is not there yet, and say so with --data`, {
    reason: 'target_not_empty',
    details: { data },
  });
};

const syncFile = async (file: string): Promise<void> => {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await diskFiles.syncFolder(path.dirname(file));
};
