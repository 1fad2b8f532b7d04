import { Readable } from 'node:stream';

/**
 * The bytes of an upload. What a handler leaves unread is read and thrown away: the next request on the same connection comes after it,
 * and would wait for ever.
 */
export const uploadBody = (source: Readable): Readable => Readable.from(piecesOf(source), { objectMode: false });

async function* piecesOf(source: Readable): AsyncGenerator<Uint8Array> {
  try {
    // Not yield*: that would hand our own end on to the source, and destroy it.
    for await (const piece of source.iterator({ destroyOnReturn: false })) yield piece as Uint8Array;
  } finally {
    source.resume();
  }
}
