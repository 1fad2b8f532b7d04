import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { AppError } from '@boucle/contract';
import { diskFiles, ensureFolder, hasCode, onStorage, storageError } from '../files/index.ts';

export interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  readonly address: string | null;
}
export interface FolderLock {
  /** Tells those who come later where this process answers. */
  announce(address: string): void;
  release(): void;
}

/**
 * One process owns a data folder. The lock is SQLite's own exclusive one on a file of its own: the kernel gives it back when the
 * process dies in whatever way, so there is none to go stale, no pid to be mistaken for another's, and of two starters one wins.
 * (Node has no flock. `lock.db` must not be opened by other means in this process: closing it would drop the lock.)
 */
export const lockFolder = async (folder: string, { now = new Date() }: { now?: Date } = {}): Promise<FolderLock> => {
  await makeFolder(folder);
  const held = take(folder);
  if (!held) throw inUse(folder, await knownOwner(folder));
  locks.add(held);
  const ownerFile = path.join(folder, 'owner.json');
  const tell = (address: string | null): void => {
    const owner: Owner = { pid: process.pid, host: hostname(), since: now.toISOString(), address };
    writeFileSync(ownerFile, `${JSON.stringify(owner)}\n`);
  };
  try {
    tell(null);
  } catch (error) {
    locks.delete(held);
    held.close();
    throw storageError(error, folder);
  }
  return {
    announce: tell,
    release: () => {
      if (!held.isOpen) return;
      rmSync(ownerFile, { force: true });
      locks.delete(held);
      held.close();
    },
  };
};

/** Who owns the folder now, if anybody does. */
export const ownerOf = async (folder: string): Promise<Owner | 'unknown' | undefined> => {
  if (!existsSync(path.join(folder, 'lock.db'))) return undefined;
  const held = take(folder);
  if (!held) return (await knownOwner(folder)) ?? 'unknown';
  held.close();
  return undefined;
};

/**
 * Work that must not meet other work of its kind on the same folder, in whatever process, though the owner goes on: what a backup copies
 * must not be collected as garbage meanwhile.
 */
export const lockMaintenance = async (folder: string, { waitMs = 0 }: { waitMs?: number } = {}): Promise<{ release(): void }> => {
  const until = performance.now() + waitMs;
  let held = take(folder, 'maintenance.db');
  while (!held && performance.now() < until) {
    await setTimeout(20);
    held = take(folder, 'maintenance.db');
  }
  if (!held) {
    throw new AppError('conflict', `A backup of ${folder}, or garbage collection in it, is under way: try again when it has ended`, {
      reason: 'maintenance_under_way',
      details: { folder },
    });
  }
  const taken = held;
  locks.add(taken);
  return {
    release: () => {
      locks.delete(taken);
      taken.close();
    },
  };
};

/** Held here, for a collected connection is a closed one. */
const locks = new Set<DatabaseSync>();
const busy = 5;
const take = (folder: string, name = 'lock.db'): DatabaseSync | undefined => {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(path.join(folder, name), { timeout: 0 });
    lock.exec('begin exclusive');
    return lock;
  } catch (error) {
    lock?.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) return undefined;
    throw new AppError('unavailable', `${folder} cannot be locked: give this user the right to write there, on a disk that knows locks`, {
      reason: 'read_only',
      details: { folder },
      cause: error,
    });
  }
};

const makeFolder = async (folder: string): Promise<void> => {
  await onStorage(folder, () => ensureFolder(diskFiles, folder)).catch((error: unknown) => {
    throw hasCode(error, 'EEXIST', 'ENOTDIR') ? notAFolder(folder, error) : error;
  });
  if (!statSync(folder).isDirectory()) throw notAFolder(folder);
};

/** The one that has just won may not have written its name yet, and a dead one's may still be there. */
const knownOwner = async (folder: string): Promise<Owner | undefined> => {
  for (let tries = 0; tries < 10; tries += 1) {
    const owner = readOwner(folder);
    if (owner && isAlive(owner)) return owner;
    await setTimeout(20);
  }
  return undefined;
};

const readOwner = (folder: string): Owner | undefined => {
  try {
    return JSON.parse(readFileSync(path.join(folder, 'owner.json'), 'utf8')) as Owner;
  } catch {
    return undefined; // Not there, or half-written: it is only for the message.
  }
};

const isAlive = ({ pid, host }: Owner): boolean => {
  if (host !== hostname()) return true;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

const inUse = (folder: string, owner: Owner | undefined): AppError =>
  new AppError(
    'conflict',
    owner
      ? `${folder} is in use by process ${owner.pid} on ${owner.host} since ${owner.since}${owner.address === null ? '' : `, at ${owner.address}`}: use that one, stop it, or choose another folder with --data`
      : `${folder} is in use by another process: stop it, or choose another folder with --data`,
    { reason: 'data_in_use', details: { folder, ...(owner && { owner }) } },
  );

const notAFolder = (folder: string, cause?: unknown): AppError =>
  new AppError('invalid_request', `${folder} is a file, or lies below one: choose a folder with --data`, {
    reason: 'not_a_folder',
    details: { folder },
    cause,
  });
