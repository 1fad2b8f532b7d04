import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Blobs, createBlobs } from '../platform/blobs/index.ts';
import type { Config } from '../platform/config/index.ts';
import { onStorage } from '../platform/files/index.ts';
import { type Clock, createEvents, createLog, type Db, type Events, type Log, openDb, systemClock } from '../platform/index.ts';
import { type FolderLock, lockFolder } from '../platform/lock/index.ts';
import { createSecrets, sealedStore, type Secrets } from '../platform/secrets/index.ts';
import { databaseUrl } from './database-url.ts';

export interface Platform {
  readonly config: Config;
  readonly clock: Clock;
  readonly db: Db;
  readonly events: Events;
  readonly blobs: Blobs;
  readonly secrets: Secrets;
  readonly log: Log;
  readonly lock: FolderLock;
  /** A folder below the data directory. */
  folder(...parts: string[]): string;
  close(): Promise<void>;
}

export interface PlatformOptions {
  readonly clock?: Clock | undefined;
  /** Takes finished lines; secrets are masked in them already. */
  readonly writeLog: (line: string) => void;
}

const levels = ['info', 'warn', 'error', 'silent'];

/** Opens what everything stands on, in the order in which each needs the one before; what was opened is closed again when a later one fails. */
export const openPlatform = async (config: Config, { clock = systemClock, writeLog }: PlatformOptions): Promise<Platform> => {
  const closers: (() => unknown)[] = [];
  try {
    const data = path.resolve(config.data);
    const lock = await lockFolder(data);
    closers.unshift(() => lock.release());
    // Files on their way: those of a server that was killed lead nowhere.
    await rm(path.join(data, 'scratch'), { recursive: true, force: true });
    await onStorage(data, () => mkdir(path.join(data, 'scratch')));
    const db = await openDb(databaseUrl(config));
    closers.unshift(() => db.close());
    const secrets = await createSecrets({
      store: sealedStore(db),
      keyFile: config.keyFile ?? path.join(data, 'secrets.key'),
      folder: config.secretsFolder,
      clock,
    });
    const log = leveled(createLog(writeLog, secrets.mask), config.logLevel);
    const blobs = await createBlobs(path.join(data, 'blobs'));
    const events = createEvents({ db, clock, log });
    closers.unshift(() => events.close());
    const close = async (): Promise<void> => {
      for (const closer of closers) await closer();
    };
    return { config, clock, db, events, blobs, secrets, log, lock, folder: (...parts) => path.join(data, ...parts), close };
  } catch (error) {
    for (const closer of closers) await closer();
    throw error;
  }
};

const leveled = (log: Log, level: Config['logLevel']): Log => {
  const from = levels.indexOf(level);
  const ignore = () => {};
  return { info: from <= 0 ? log.info : ignore, warn: from <= 1 ? log.warn : ignore, error: from <= 2 ? log.error : ignore };
};
