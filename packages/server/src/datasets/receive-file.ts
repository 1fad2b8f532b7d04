import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import path from 'node:path';
import { AppError, invalid } from '@boucle/contract';
import { hasCode, onStorage } from '../platform/files/index.ts';

/** An upload as a file, refused as soon as it is too large. */
export const receiveFile = async (data: Readable, file: string, maxBytes: number): Promise<void> => {
  let received = 0;
  const bounded = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of data as AsyncIterable<Uint8Array>) {
      received += chunk.length;
      if (received > maxBytes) throw tooLarge(maxBytes);
      yield chunk;
    }
  };
  try {
    await onStorage(path.dirname(file), async () => {
      // Opened before anything can break off: a stream that is destroyed while it opens makes its file afterwards, when the caller has removed it.
      const handle = await open(file, 'w');
      await pipeline(bounded, handle.createWriteStream());
    });
  } catch (error) {
    if (hasCode(error, 'ERR_STREAM_PREMATURE_CLOSE') || hasCode(error, 'ECONNRESET'))
      throw invalid(`The file broke off after ${received} bytes: send it again`, 'upload_broken_off', { received });
    throw error;
  }
};

const tooLarge = (maxBytes: number): AppError =>
  new AppError('too_large', `The file has more than ${maxBytes} bytes: send less, or have the limit (maxUpload) raised`, {
    reason: 'file_too_large',
    details: { maxBytes },
  });
