import type { Readable } from 'node:stream';
import type { BlobDigest } from '@boucle/contract';
import type { Client } from '@boucle/sdk';
import { counted, toBody } from './sending.ts';

/** Files by the digest of what they hold. */
export type Files = ReadonlyMap<BlobDigest, { readonly open: () => Readable }>;

const mostDigests = 10_000;
/** Those whose bytes the project does not have. */
export const missingOf = async <F extends Files>(client: Client, params: { project: string }, files: F): Promise<F> => {
  const digests = [...files.keys()];
  const missing = new Map<BlobDigest, { readonly open: () => Readable }>();
  for (let i = 0; i < digests.length; i += mostDigests) {
    const answer = await client.blobs.missing({ params, body: { digests: digests.slice(i, i + mostDigests) } });
    for (const digest of answer.missing as BlobDigest[]) missing.set(digest, files.get(digest)!);
  }
  return missing as Files as F;
};

/** A few at a time. */
export const sendBlobs = async (
  client: Client,
  params: { project: string },
  files: Files,
  onSent: (bytes: number) => void = () => {},
): Promise<void> => {
  const unsent = [...files];
  const sendNext = async (): Promise<void> => {
    for (let next = unsent.pop(); next; next = unsent.pop()) {
      const [digest, file] = next;
      await client.blobs.put({ params: { ...params, digest }, data: toBody(counted(file.open(), onSent)) });
    }
  };
  await Promise.all(Array.from({ length: 4 }, sendNext));
};
