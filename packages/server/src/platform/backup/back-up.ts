import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError, type BlobDigest, blobDigest, invalid } from '@boucle/contract';
import { atMost, type Blobs, createBlobReader, createBlobs } from '../blobs/index.ts';
import type { Clock } from '../clock.ts';
import { checkFile, copyToFile } from '../db/index.ts';
import { diskFiles, hasCode, onStorage } from '../files/index.ts';
import { noteMentionsInLogs, reachable, segmentsBelow } from '../garbage/index.ts';
import { lockMaintenance } from '../lock/index.ts';
import { checkSegment } from '../segments/index.ts';
import {
  type BackedUpFile,
  type BackupManifest,
  blobList,
  contentFolder,
  type Content,
  format,
  idOf,
  isPlaceOfData,
  manifestFolder,
} from './manifest.ts';
import { dropOldBackups } from './old-backups.ts';
import { dropParts, namedInFile } from './snapshot.ts';
import { writeManifest } from './write-manifest.ts';

export interface Progress {
  readonly station: 'database' | 'log' | 'blobs' | 'check';
  readonly done: number;
  readonly of: number;
}
export interface BackUpOptions {
  /** The data directory, and the database's address. */
  readonly data: string;
  readonly database: string;
  readonly folder: string;
  readonly version: string;
  readonly clock: Clock;
  /** How many backups stay; all where nothing is said. */
  readonly keep?: number | undefined;
  /** Read again what the folder holds already. */
  readonly verify?: boolean | undefined;
  readonly onProgress?: (progress: Progress) => void;
}
export interface BackedUp {
  readonly manifest: BackupManifest;
  /** What was not there before. */
  readonly added: { blobs: number; bytes: number };
  /** Backups that went. */
  readonly dropped: readonly string[];
}

const filesAtOnce = 8;
/** Garbage collection that is under way is waited for. */
const collectionMs = 10 * 60_000;

/**
 * Copies what a data directory and its database hold, while a server works on them or none does. Database, then log, then blobs: each
 * refers only to those after it. docs/decisions/0015 says why.
 */
export const backUp = async (options: BackUpOptions): Promise<BackedUp> => {
  const { data, folder } = options;
  refuseOdd(options);
  await onStorage(folder, () => mkdir(manifestFolder(folder), { recursive: true }));
  // Nobody else writes there, and nothing that is copied is collected meanwhile.
  const target = await lockMaintenance(folder);
  try {
    const source = await lockMaintenance(data, { waitMs: collectionMs });
    try {
      return await copy(options);
    } finally {
      source.release();
    }
  } finally {
    target.release();
  }
};

const copy = async (options: BackUpOptions): Promise<BackedUp> => {
  const { data, database, folder, clock, keep, onProgress = () => {} } = options;
  const startedAt = clock.now();
  const store = await createBlobs(contentFolder(folder));
  const added = { blobs: 0, bytes: 0 };
  const keepFile = keeperOf(store, added);
  const partsFolder = path.join(data, 'blobs', 'parts');
  // They vanish when an upload becomes whole, which the rows that are copied next then say.
  const early = await keepParts(partsFolder, keepFile);

  // A folder of its own, so that nothing that SQLite lays beside a file outlives a backup that was killed.
  const making = path.join(folder, 'making');
  const snapshot = path.join(making, 'database.sqlite');
  await rm(making, { recursive: true, force: true });
  await onStorage(folder, () => mkdir(making));
  try {
    onProgress({ station: 'database', done: 0, of: 1 });
    await copyToFile(database, snapshot);
    const schema = await checkFile(snapshot);
    onProgress({ station: 'database', done: 1, of: 1 });
    const named = await namedInFile(snapshot);
    const logs = await keepLogs(data, { keepFile, onProgress });
    await noteMentionsInLogs(path.join(data, 'serving', 'predictions'), named.mentions);
    const blobs = await keepBlobs(options, { store, added, named });
    const parts = new Map([...early, ...(await keepParts(partsFolder, keepFile))]);
    await dropParts(snapshot, new Set(parts.keys()));

    const manifest: BackupManifest = {
      format,
      id: idOf(startedAt),
      startedAt: startedAt.toISOString(),
      endedAt: clock.now().toISOString(),
      version: options.version,
      schema,
      databaseKind: database.startsWith('postgres') ? 'postgres' : 'sqlite',
      database: contentOf(await keepFile(diskFiles.read(snapshot))),
      files: [...logs.files, ...(await keepStepLogs(data, keepFile)), ...parts.values()],
      blobs: blobs.kept,
      sealedSecrets: named.sealedSecrets,
      lost: blobs.lost,
      damagedSegments: logs.damaged,
    };
    await writeManifest(folder, manifest);
    return { manifest, added, dropped: keep === undefined ? [] : await dropOldBackups(folder, store, keep) };
  } finally {
    await rm(making, { recursive: true, force: true });
  }
};

type KeepFile = (bytes: AsyncIterable<Uint8Array>) => Promise<Content>;
const keeperOf =
  (store: Blobs, added: BackedUp['added']): KeepFile =>
  async (bytes) => {
    const { digest, size, created } = await store.put(bytes);
    if (created) {
      added.blobs += 1;
      added.bytes += size;
    }
    return { digest, size };
  };
const contentOf = ({ digest, size }: Content): Content => ({ digest, size });

/** Every segment up to its last whole record, as its own checks find it. */
const keepLogs = async (data: string, { keepFile, onProgress }: { keepFile: KeepFile; onProgress: (progress: Progress) => void }) => {
  const folder = path.join(data, 'serving', 'predictions');
  const names = await segmentsBelow(folder);
  const damaged: string[] = [];
  const files: BackedUpFile[] = [];
  for (const [i, name] of names.entries()) {
    const bytes = await readFile(path.join(folder, name));
    const { records, end, damagedBytes } = checkSegment(path.basename(name), bytes);
    if (damagedBytes > 0) damaged.push(name);
    // One that has no record yet was answered to nobody.
    if (records > 0) files.push({ path: `serving/predictions/${name}`, records, ...(await keepFile(pieces(bytes.subarray(0, end)))) });
    onProgress({ station: 'log', done: i + 1, of: names.length });
  }
  return { files, damaged };
};
const pieces = async function* (bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
};

const keepStepLogs = (data: string, keepFile: KeepFile): Promise<BackedUpFile[]> =>
  keepFolder(path.join(data, 'steps', 'logs'), 'steps/logs', keepFile);
const keepParts = async (folder: string, keepFile: KeepFile): Promise<Map<string, BackedUpFile>> =>
  new Map((await keepFolder(folder, 'blobs/parts', keepFile)).map((file) => [path.posix.basename(file.path), file]));

/** The files of a folder that are there when their turn comes. */
const keepFolder = async (folder: string, place: string, keepFile: KeepFile): Promise<BackedUpFile[]> => {
  const names = (await namesIn(folder)).filter((name) => isPlaceOfData(`${place}/${name}`));
  const kept = await atMost(filesAtOnce, names, async (name): Promise<BackedUpFile | undefined> => {
    try {
      return { path: `${place}/${name}`, ...(await keepFile(diskFiles.read(path.join(folder, name)))) };
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  });
  return kept.filter((file) => file !== undefined);
};
const namesIn = async (folder: string): Promise<string[]> => {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
};

interface Kept {
  readonly store: Blobs;
  readonly added: BackedUp['added'];
  readonly named: Awaited<ReturnType<typeof namedInFile>>;
}
/** What is named, and what named trees list. What cannot be read is told, and the rest is copied. */
const keepBlobs = async ({ data, verify = false, onProgress = () => {} }: BackUpOptions, { store, added, named }: Kept) => {
  const source = createBlobReader(path.join(data, 'blobs'));
  const lost: BlobDigest[] = [];
  const { mentions, held } = named;
  // A tree that is damaged is told when its turn comes to be copied.
  const { all, listed } = await reachable(source, mentions, (error) => {
    if (!isGone(error)) throw error;
  });
  const needed = [...all].sort();
  let done = 0;

  const keepOne = async (hex: string): Promise<{ hex: string; size: number } | undefined> => {
    const digest = blobDigest(hex);
    try {
      const { size } = await source.stat(digest);
      if (!(await isKept(store, { digest, size }, verify))) {
        await store.put(await source.read(digest), { expected: digest });
        added.blobs += 1;
        added.bytes += size;
      }
      return { hex, size };
    } catch (error) {
      if (!isGone(error)) throw error;
      // Values have digests and trees of which nothing is stored before somebody needs it; what a project holds was.
      const wasNeverThere = error instanceof AppError && error.code === 'not_found' && !held.has(hex) && !listed.has(hex);
      if (!wasNeverThere) lost.push(digest);
      return undefined;
    } finally {
      done += 1;
      onProgress({ station: 'blobs', done, of: needed.length });
    }
  };
  const kept = (await atMost(filesAtOnce, needed, keepOne)).filter((blob) => blob !== undefined);
  const list = await store.putBytes(blobList(kept));
  return {
    kept: { count: kept.length, bytes: kept.reduce((sum, { size }) => sum + size, 0), list: contentOf(list) },
    lost: lost.sort(),
  };
};

/** Not there, damaged, or on a part of the disk that cannot be read. */
const isGone = (error: unknown): boolean =>
  (error instanceof AppError && (error.code === 'not_found' || error.reason === 'damaged_blob')) || hasCode(error, 'EIO');

const isKept = async (store: Blobs, { digest, size }: Content, verify: boolean): Promise<boolean> => {
  if (!(await store.has(digest)) || (await store.stat(digest)).size !== size) return false;
  return !verify || store.verify(digest);
};

const refuseOdd = ({ data, database, folder }: BackUpOptions): void => {
  const isIn = (inner: string, outer: string): boolean => !path.relative(outer, inner).startsWith('..');
  if (isIn(folder, data) || isIn(data, folder))
    throw invalid(`${folder} and the data in ${data} lie one within the other: choose another folder`, 'backup_inside_data');
  const file = /^postgres(ql)?:/.test(database) ? data : database.replace(/^sqlite:/, '');
  if (existsSync(file)) return;
  throw new AppError(
    'not_found',
    `There is no ${file} to be backed up: say where the data is with --data, and --database where it is Postgres`,
    {
      reason: 'nothing_to_back_up',
    },
  );
};
