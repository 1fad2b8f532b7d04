import { createHash } from 'node:crypto';
import { AppError, hexOf } from '@boucle/contract';
import type { StoredDigest } from './stored.ts';

export const damaged = 'damaged_blob';

/** The same bytes; their end comes only if they are what the digest says. */
export const verified = async function* (bytes: AsyncIterable<Uint8Array>, digest: StoredDigest, file: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') === hexOf(digest)) return;
  throw new AppError(
    'failed_precondition',
    `Blob ${digest} is damaged: its bytes are no longer what its digest says. Store the same content again, or bring ${file} back from a backup`,
    { reason: damaged, details: { digest, file } },
  );
};
