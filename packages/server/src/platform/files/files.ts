/** A file open for writing. Nothing is durable before `sync`, and its name not before `syncFolder` of its folder. */
export interface OpenFile {
  /** All of it, at this place; a failure may leave a part of it. */
  write(bytes: Uint8Array, at: number): Promise<void>;
  truncate(size: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export type FileKind = 'file' | 'folder' | 'other';
/** From `start` up to, and without, `end`. */
export interface ByteRange {
  readonly start?: number;
  readonly end?: number;
}

/**
 * The few operations that durable writers use, so that a twin can record them and build what a power cut may leave.
 * Failures are Node's own (`ENOENT`, `EEXIST`, `ENOSPC`…); `storageError` words those that an operator can mend.
 */
export interface Files {
  /** A new file; `EEXIST` where the name is taken. */
  create(path: string): Promise<OpenFile>;
  /** A file that is there. */
  open(path: string): Promise<OpenFile>;
  /** Its bytes as they stand when reading begins. */
  read(path: string, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** `modifiedMs`: when it was written or touched last, by the clock of this machine. */
  stat(path: string): Promise<{ kind: FileKind; size: number; modifiedMs: number } | undefined>;
  /** As if it were written now. */
  touch(path: string): Promise<void>;
  list(folder: string): Promise<{ name: string; kind: FileKind }[]>;
  /** Whatever had the new name is replaced. */
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Nothing happens where it is there. Its parent has to be. */
  makeFolder(path: string): Promise<void>;
  syncFolder(folder: string): Promise<void>;
}
