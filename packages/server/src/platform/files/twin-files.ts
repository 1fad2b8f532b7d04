import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ByteRange, FileKind, Files, OpenFile } from './files.ts';
import {
  type Change,
  type FileNode,
  type FileTree,
  type FolderNode,
  type Recording,
  type Sync,
  type TwinNode,
  newFile,
  newFolder,
  overwritten,
  partsOf,
  resized,
} from './recording.ts';

export type FileOperation = keyof Files | `file.${keyof OpenFile}`;
export interface TwinOptions {
  /** An error code such as `EROFS` for an operation that shall fail. */
  refuse?: (operation: FileOperation, path: string) => string | undefined;
  /** Bytes that all files together may hold; a write past it is done in part and fails, as on a full disk. */
  room?: () => number;
  /** Its clock, by which files are written. */
  now?: () => number;
}
export interface TwinFiles extends Files {
  readonly recording: Recording;
  tree(): FileTree;
}

/** Files in memory that remember each step, for `legalStates`. What it starts with is durable. */
export const createTwinFiles = (start?: FileTree, { refuse, room = () => Infinity, now = Date.now }: TwinOptions = {}): TwinFiles => {
  const root = newFolder();
  const steps: (Change | Sync)[] = [];
  /** By file or folder: done, and covered by no sync yet. */
  const loose = new Map<TwinNode, Set<Change>>();

  const modified = new WeakMap<TwinNode, number>();

  const apply = (change: Change): void => {
    steps.push(change);
    if (change.kind === 'write' || change.kind === 'truncate') modified.set(change.node, now());
    if (change.kind === 'link') change.node.entries.set(change.name, change.target);
    else if (change.kind === 'unlink') change.node.entries.delete(change.name);
    else if (change.kind === 'truncate') change.node.bytes = resized(change.node.bytes, change.size);
    else change.node.bytes = overwritten(change.node.bytes, change.at, change.bytes);
  };
  const finish = (change: Change): void => {
    const known = loose.get(change.node);
    if (known) known.add(change);
    else loose.set(change.node, new Set([change]));
  };
  /** Seen by everybody at once, a candidate for a sync only when it has returned. */
  const change = async (...changes: Change[]): Promise<void> => {
    changes.forEach(apply);
    await Promise.resolve();
    changes.forEach(finish);
  };
  const sync = async (node: TwinNode): Promise<void> => {
    const covers = new Set(loose.get(node));
    await nextTurn();
    covers.forEach((covered) => loose.get(node)?.delete(covered));
    steps.push({ kind: 'sync', covers });
  };

  const check = (operation: FileOperation, path: string): void => {
    const code = refuse?.(operation, path);
    if (code !== undefined) throw failure(code, operation, path);
  };
  const lookUp = (path: string): TwinNode | undefined =>
    partsOf(path).reduce<TwinNode | undefined>((node, part) => (node?.kind === 'folder' ? node.entries.get(part) : undefined), root);
  const fileAt = (operation: FileOperation, path: string): FileNode => {
    const node = lookUp(path);
    if (node?.kind !== 'file') throw failure(node ? 'EISDIR' : 'ENOENT', operation, path);
    return node;
  };
  const folderAt = (operation: FileOperation, path: string): FolderNode => {
    const node = lookUp(path);
    if (node?.kind !== 'folder') throw failure(node ? 'ENOTDIR' : 'ENOENT', operation, path);
    return node;
  };
  const placeOf = (operation: FileOperation, path: string): { node: FolderNode; name: string } => {
    const parts = partsOf(path);
    return { name: parts.at(-1) ?? '', node: folderAt(operation, parts.slice(0, -1).join('/')) };
  };
  const opened = (node: FileNode, path: string): OpenFile => ({
    write: async (bytes, at) => {
      check('file.write', path);
      const growth = Math.max(0, at + bytes.length - node.bytes.length);
      const fits = Math.max(0, Math.min(bytes.length, bytes.length - growth + room() - sizeOf(root)));
      await change({ kind: 'write', node, at, bytes: bytes.slice(0, fits) });
      if (fits < bytes.length) throw failure('ENOSPC', 'file.write', path);
    },
    truncate: (size) => {
      check('file.truncate', path);
      return change({ kind: 'truncate', node, size });
    },
    sync: () => {
      check('file.sync', path);
      return sync(node);
    },
    close: async () => check('file.close', path),
  });

  if (start) plant(start, root, apply);
  if (steps.length > 0) steps.push({ kind: 'sync', covers: new Set(steps.filter((step) => step.kind !== 'sync')) });
  return {
    recording: { root, steps, begun: steps.length },
    tree: () => treeOf(root),
    create: async (path) => {
      check('create', path);
      const place = placeOf('create', path);
      if (place.node.entries.has(place.name)) throw failure('EEXIST', 'create', path);
      const target = newFile();
      await change({ kind: 'link', ...place, target });
      return opened(target, path);
    },
    open: async (path) => {
      check('open', path);
      return opened(fileAt('open', path), path);
    },
    read: async function* (path: string, { start: from = 0, end = Infinity }: ByteRange = {}) {
      check('read', path);
      const bytes = fileAt('read', path).bytes.slice(from, end);
      if (bytes.length > 0) yield bytes;
    },
    stat: async (path) => {
      check('stat', path);
      const node = lookUp(path);
      return node && { kind: node.kind, size: node.kind === 'file' ? node.bytes.length : 0, modifiedMs: modified.get(node) ?? 0 };
    },
    touch: async (path) => {
      check('touch', path);
      modified.set(fileAt('touch', path), now());
    },
    list: async (folder) => {
      check('list', folder);
      return [...folderAt('list', folder).entries].map(([name, { kind }]): { name: string; kind: FileKind } => ({ name, kind }));
    },
    rename: async (from, to) => {
      check('rename', to);
      const old = placeOf('rename', from);
      const target = old.node.entries.get(old.name);
      if (!target) throw failure('ENOENT', 'rename', from);
      await change({ kind: 'link', ...placeOf('rename', to), target }, { kind: 'unlink', ...old });
    },
    unlink: async (path) => {
      check('unlink', path);
      fileAt('unlink', path);
      await change({ kind: 'unlink', ...placeOf('unlink', path) });
    },
    makeFolder: async (path) => {
      check('makeFolder', path);
      if (!lookUp(path)) await change({ kind: 'link', ...placeOf('makeFolder', path), target: newFolder() });
    },
    syncFolder: async (folder) => {
      check('syncFolder', folder);
      await sync(folderAt('syncFolder', folder));
    },
  };
};

const failure = (code: string, operation: string, path: string): Error =>
  Object.assign(new Error(`${code}: ${operation} '${path}'`), { code, path });

const sizeOf = (node: TwinNode): number =>
  node.kind === 'file' ? node.bytes.length : [...node.entries.values()].reduce((sum, inside) => sum + sizeOf(inside), 0);

/** Makes the tree, step by step. */
const plant = ({ folders, files }: FileTree, root: FolderNode, apply: (change: Change) => void): void => {
  const folderOf = (parts: readonly string[]): FolderNode =>
    parts.reduce((node, name) => {
      const known = node.entries.get(name);
      if (known?.kind === 'folder') return known;
      const target = newFolder();
      apply({ kind: 'link', node, name, target });
      return target;
    }, root);
  for (const path of folders) folderOf(partsOf(path));
  for (const [path, bytes] of files) {
    const parts = partsOf(path);
    const target = newFile();
    apply({ kind: 'link', node: folderOf(parts.slice(0, -1)), name: parts.at(-1) ?? '', target });
    apply({ kind: 'write', node: target, at: 0, bytes });
  }
};

const treeOf = (root: FolderNode): FileTree => {
  const folders = new Set<string>();
  const files = new Map<string, Uint8Array>();
  const walk = (node: FolderNode, prefix: string): void => {
    for (const [name, inside] of node.entries) {
      if (inside.kind === 'file') files.set(prefix + name, inside.bytes);
      else {
        folders.add(prefix + name);
        walk(inside, `${prefix}${name}/`);
      }
    }
  };
  walk(root, '');
  return { folders, files };
};
