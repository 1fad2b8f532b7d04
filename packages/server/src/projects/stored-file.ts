import type { Readable } from 'node:stream';
import type { Blobs } from '../platform/blobs/index.ts';

type Stored = Parameters<Blobs['read']>[0];

/** Bytes to hand out, whole or from the first to the last one wanted. */
export interface StoredFile {
  readonly size: number;
  readonly name: string;
  /** The digest: what changes gets another one. */
  readonly etag: string;
  open(range?: { readonly start: number; readonly end: number }): Promise<Readable>;
}

export const storedFile = async (blobs: Blobs, digest: Stored, name: string): Promise<StoredFile> => ({
  size: (await blobs.stat(digest)).size,
  name,
  etag: digest,
  open: (range) => blobs.read(digest, range && { start: range.start, end: range.end + 1 }),
});
