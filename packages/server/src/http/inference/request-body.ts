import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGunzip, createInflate } from 'node:zlib';
import { AppError, invalid } from '@boucle/contract';

const excerptBytes = 4096;

export interface RequestBody {
  /** All of it, decompressed. */
  bytes(): Promise<Buffer>;
  /** The same as text. */
  read(): Promise<string>;
  /** The beginning of what was read, for the record of a request that was not answered. */
  readonly excerpt: () => string | null;
}

/** The body of a request as text. The limit holds for what comes in, and for what it unpacks to. */
export const requestBody = (source: Readable, headers: IncomingHttpHeaders, limit: number): RequestBody => {
  let bytes: Buffer | undefined;
  const all = async (): Promise<Buffer> => {
    if (Number(headers['content-length'] ?? 0) > limit) {
      await throwAway(source, headers);
      throw tooLarge(limit);
    }
    bytes = await collect(source, headers, limit);
    return bytes;
  };
  return {
    bytes: all,
    read: async () => {
      const read = await all();
      try {
        return new TextDecoder('utf-8', { fatal: true }).decode(read);
      } catch (cause) {
        throw new AppError('invalid_request', 'The body is not UTF-8: send it as UTF-8', { reason: 'not_utf8', cause });
      }
    },
    excerpt: () => bytes?.toString('utf8', 0, excerptBytes).replaceAll('\0', '\uFFFD') ?? null,
  };
};

export const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new AppError('invalid_request', `The body is not JSON: ${(cause as Error).message}`, { reason: 'not_json', cause });
  }
};

const decoderOf = (encoding = 'identity') => {
  switch (encoding.trim().toLowerCase()) {
    case 'identity':
    case '':
      return undefined;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    default:
      throw invalid(`Content-Encoding ${encoding.slice(0, 50)} is not known here: send gzip, deflate or none`, 'unknown_encoding');
  }
};

/**
 * What is too much is read and thrown away, so that the caller hears the answer instead of a broken connection; all of it, where the
 * connection ends with the answer.
 */
const throwAway = async (source: Readable, { connection = '' }: IncomingHttpHeaders): Promise<void> => {
  source.resume();
  // Who goes away meanwhile hears nothing in any case.
  if (/\bclose\b/i.test(connection)) await finished(source, { writable: false }).catch(() => undefined);
};

const collect = (source: Readable, headers: IncomingHttpHeaders, limit: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const decoder = decoderOf(headers['content-encoding']);
    const chunks: Buffer[] = [];
    let size = 0;
    const refuse = (reason: AppError): void => {
      target.removeAllListeners('data').removeAllListeners('end');
      source.unpipe();
      decoder?.destroy();
      void throwAway(source, headers).then(() => reject(reason));
    };
    const target = decoder ? source.pipe(decoder) : source;
    target.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) refuse(tooLarge(limit));
      else chunks.push(chunk);
    });
    target.on('end', () => resolve(Buffer.concat(chunks)));
    decoder?.on('error', (cause) =>
      refuse(
        new AppError('invalid_request', 'The body cannot be unpacked: it is damaged, or not what Content-Encoding says', {
          reason: 'damaged_encoding',
          cause,
        }),
      ),
    );
    const gone = (cause?: unknown): void =>
      reject(new AppError('unavailable', 'The caller went away before all was sent', { reason: 'cancelled', cause }));
    source.on('error', gone);
    // It closes after its end too, while the decoder is still at work.
    source.on('close', () => {
      if (!source.readableEnded) gone();
    });
  });

const tooLarge = (limit: number): AppError =>
  new AppError('too_large', `The body has more than ${limit} bytes, which is the most: send fewer rows at a time`, {
    reason: 'body_too_large',
    details: { limit },
  });
