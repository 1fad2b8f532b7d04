import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError, type BlobDigest, blobDigest } from '@boucle/contract';
import { atMost, type BlobReader, createBlobReader, createBlobs } from '../blobs/index.ts';
import { checkFile, fillPostgres, refuseFilledPostgres } from '../db/index.ts';
import { diskFiles, onStorage } from '../files/index.ts';
import { lockFolder } from '../lock/index.ts';
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

/**
 * Builds in a folder of the target, which may be a mount, checks all of it, and moves it to its places, the database last: half a
 * restore is none. Nobody else works on the target meanwhile.
 */
export const restore = async (options: RestoreOptions): Promise<BackupManifest> => {
  const { folder, id, data, postgres } = options;
  const manifest = await readManifest(folder, id);
  await refuseFilled(data);
  if (postgres !== undefined) await refuseFilledPostgres(postgres);
  const isNew = !existsSync(data);
  const lock = await lockFolder(data);
  const making = path.join(data, restoring);
  try {
    await onStorage(data, async () => {
      await rm(making, { recursive: true, force: true });
      await mkdir(path.join(making, 'blobs'), { recursive: true });
    });
    await build(making, manifest, options);
    if (postgres !== undefined) {
      await fillPostgres(path.join(making, database), postgres);
      await rm(path.join(making, database));
    }
    await onStorage(data, () => moveUp(making, data));
  } catch (error) {
    await rm(isNew ? data : making, { recursive: true, force: true });
    throw error;
  } finally {
    lock.release();
  }
  return manifest;
};

const restoring = 'restoring';
const database = 'boucle.sqlite';
/** Of a server that is no more, or of a restore that was killed. */
const leftOver = /^((lock|maintenance)\.db(-journal)?|owner\.json|restoring)$/;

const moveUp = async (making: string, data: string): Promise<void> => {
  const names = await readdir(making);
  for (const name of names.sort((a, b) => Number(a === database) - Number(b === database))) {
    await rename(path.join(making, name), path.join(data, name));
    await diskFiles.syncFolder(data);
  }
  await rmdir(making);
};

const build = async (making: string, manifest: BackupManifest, { folder, onProgress = () => {} }: RestoreOptions): Promise<void> => {
  const source = createBlobReader(contentFolder(folder));
  const store = await createBlobs(path.join(making, 'blobs'));
  const file = path.join(making, database);
  onProgress({ station: 'database', done: 0, of: 1 });
  await refusingDamage(folder, [manifest.database], ({ digest }) => source.copyTo(digest, file));
  await checkFile(file);
  await syncFile(file);
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
  const { files, blobs } = manifest;
  await refusingDamage(folder, [blobs.list], async () => void (await blobsOf(source, blobs)));
  const all = [manifest.database, ...files, ...(await blobsOf(source, blobs)).map(({ hex }) => ({ digest: blobDigest(hex) }))];
  let done = 0;
  await refusingDamage(folder, all, async ({ digest }) => {
    for await (const _ of await source.read(digest));
    onProgress({ station: 'check', done: (done += 1), of: all.length });
  });
  return manifest;
};

const refuseFilled = async (data: string): Promise<void> => {
  const found = existsSync(data) ? await onStorage(data, () => readdir(data)) : [];
  if (found.every((name) => leftOver.test(name))) return;
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
