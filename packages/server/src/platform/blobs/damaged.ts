import { createHash } from 'node:crypto';
import { AppError, hexOf } from '@boucle/contract';
import type { StoredDigest } from './stored.ts';

export const damaged = 'damaged_blob';

/**
 * The same bytes; the last piece comes only if all are what the digest says. Whoever was told the length beforehand, as over HTTP, would
 * take the last byte for the end, and never hear of a failure after it.
 */
export const verified = async function* (bytes: AsyncIterable<Uint8Array>, digest: StoredDigest, file: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let last: Uint8Array | undefined;
  for await (const chunk of bytes) {
    hash.update(chunk);
    if (last) yield last;
    last = chunk;
  }
  if (hash.digest('hex') !== hexOf(digest)) {
    throw new AppError(
      'failed_precondition',
      `Blob ${digest} is damaged: its bytes are no longer what its digest says. Store the same content again, or bring ${file} back from a backup`,
      { reason: damaged, details: { digest, file } },
    );
  }
  if (last) yield last;
};
