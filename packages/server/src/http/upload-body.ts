import { Readable } from 'node:stream';
import { AppError } from '@boucle/contract';

/**
 * The bytes of an upload. What a handler leaves unread is read and thrown away: the next request on the same connection comes after it,
 * and would wait for ever.
 */
export const uploadBody = (source: Readable): Readable => Readable.from(piecesOf(source), { objectMode: false });

async function* piecesOf(source: Readable): AsyncGenerator<Uint8Array> {
  try {
    // Not yield*: that would hand our own end on to the source, and destroy it.
    for await (const piece of source.iterator({ destroyOnReturn: false })) yield piece as Uint8Array;
  } catch (cause) {
    // Nobody waits for this answer any more; the log must not call it a fault.
    throw new AppError('unavailable', 'The caller went away before all was sent', { reason: 'caller_gone', cause });
  } finally {
    source.resume();
  }
}
