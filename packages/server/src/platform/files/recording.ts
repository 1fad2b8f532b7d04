/** A file or folder apart from its names, as a file system keeps it. */
export interface FileNode {
  readonly kind: 'file';
  bytes: Uint8Array;
}
export interface FolderNode {
  readonly kind: 'folder';
  readonly entries: Map<string, TwinNode>;
}
export type TwinNode = FileNode | FolderNode;

/** What a power cut may undo, or do by halves, until a sync covers it. */
export type Change =
  | { readonly kind: 'write'; readonly node: FileNode; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly node: FileNode; readonly size: number }
  | { readonly kind: 'link'; readonly node: FolderNode; readonly name: string; readonly target: TwinNode }
  | { readonly kind: 'unlink'; readonly node: FolderNode; readonly name: string };
/** Makes certain what was finished when it began: what came while it ran may have missed it. */
export interface Sync {
  readonly kind: 'sync';
  readonly covers: ReadonlySet<Change>;
}

/** What was done, in order; a power cut falls between two steps, at `begun` or later. */
export interface Recording {
  readonly root: FolderNode;
  readonly steps: readonly (Change | Sync)[];
  readonly begun: number;
}

/** Files by path (`a/b`, from the root), and every folder. */
export interface FileTree {
  readonly folders: ReadonlySet<string>;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export const newFolder = (): FolderNode => ({ kind: 'folder', entries: new Map() });
export const newFile = (): FileNode => ({ kind: 'file', bytes: new Uint8Array() });
export const partsOf = (path: string): string[] => path.split(/[\\/]/).filter((part) => part !== '' && part !== '.');

/** `bytes` written over `old`, which grows with zeros up to that place. */
export const overwritten = (old: Uint8Array, at: number, bytes: Uint8Array): Uint8Array => {
  const result = resized(old, Math.max(old.length, at + bytes.length));
  result.set(bytes, at);
  return result;
};
export const resized = (old: Uint8Array, size: number): Uint8Array => {
  const result = new Uint8Array(size);
  result.set(old.subarray(0, size));
  return result;
};
