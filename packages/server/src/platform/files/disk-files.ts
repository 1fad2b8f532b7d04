import type { Dirent, Stats } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, lstat, unlink, utimes } from 'node:fs/promises';
import type { FileKind, Files, OpenFile } from './files.ts';
import { hasCode } from './storage-error.ts';

const chunkBytes = 256 * 1024;

/** The real ones. */
export const diskFiles: Files = {
  create: async (path) => opened(await open(path, 'wx', 0o644)),
  open: async (path) => opened(await open(path, 'r+')),
  rename,
  unlink,
  read: async function* (path, { start = 0, end = Infinity } = {}) {
    const handle = await open(path, 'r');
    try {
      const until = Math.min(end, (await handle.stat()).size);
      for (let at = start; at < until;) {
        const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, until - at));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
        at += bytesRead;
      }
    } finally {
      await handle.close();
    }
  },
  stat: async (path) => {
    try {
      const stats = await lstat(path);
      return { kind: kindOf(stats), size: stats.size, modifiedMs: stats.mtimeMs };
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
      throw error;
    }
  },
  touch: async (path) => {
    const now = new Date();
    await utimes(path, now, now);
  },
  list: async (folder) => (await readdir(folder, { withFileTypes: true })).map((entry) => ({ name: entry.name, kind: kindOf(entry) })),
  makeFolder: async (path) => {
    try {
      await mkdir(path);
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  },
  syncFolder: async (folder) => {
    // Windows opens no folder, and NTFS journals names by itself.
    if (process.platform === 'win32') return;
    const handle = await open(folder, 'r');
    try {
      await oneOfTwo(() => handle.sync());
    } finally {
      await handle.close();
    }
  },
};

const opened = (handle: FileHandle): OpenFile => ({
  write: async (bytes, at) => {
    for (let done = 0; done < bytes.length;) done += (await handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
  },
  truncate: (size) => handle.truncate(size),
  sync: () => oneOfTwo(() => handle.sync()),
  close: () => handle.close(),
});

const kindOf = (entry: Dirent | Stats): FileKind => (entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other');

let syncing = 0;
const queue: (() => void)[] = [];
/** Node's pool has four threads: more than two fsyncs at once would keep reads and plain writes waiting behind them. */
const oneOfTwo = async (sync: () => Promise<void>): Promise<void> => {
  if (syncing === 2) await new Promise<void>((resolve) => queue.push(resolve));
  else syncing += 1;
  try {
    await sync();
  } finally {
    const next = queue.shift();
    if (next) next();
    else syncing -= 1;
  }
};
