import type { Readable } from 'node:stream';
import { AppError } from '@boucle/contract';
import type { Blobs, StoredDigest } from '../platform/blobs/index.ts';

/** Bytes to hand out, whole or from the first to the last one wanted. */
export interface StoredFile {
  readonly size: number;
  readonly name: string;
  /** The digest: what changes gets another one. */
  readonly etag: string;
  open(range?: { readonly start: number; readonly end: number }): Promise<Readable>;
}

export const storedFile = async (blobs: Blobs, digest: StoredDigest, name: string): Promise<StoredFile> => ({
  size: (await requireStored(blobs, digest)).size,
  name,
  etag: digest,
  open: (range) => blobs.read(digest, range && { start: range.start, end: range.end + 1 }),
});

/** For a blob that a record speaks of: where the store has lost it, that is no "not found" of the caller's. */
export const requireStored = async (blobs: Blobs, digest: StoredDigest): Promise<{ size: number }> => {
  try {
    return await blobs.stat(digest);
  } catch (cause) {
    if (!(cause instanceof AppError && cause.code === 'not_found')) throw cause;
    throw new AppError(
      'failed_precondition',
      `The store has lost ${digest}: bring it back from a backup, or upload the same content again`,
      {
        reason: 'blob_lost',
        details: { digest },
        cause,
      },
    );
  }
};
