import { AppError, type Metric } from '@boucle/contract';
import { isPassing } from './api-error.ts';

export type Entry =
  | { readonly kind: 'metric'; readonly metric: Metric }
  | { readonly kind: 'params' | 'tags'; readonly texts: Readonly<Record<string, string>> };
interface Options {
  readonly flushMs: number;
  readonly mostWaiting: number;
  readonly send: (entries: readonly Entry[]) => Promise<void>;
}

const mostAtOnce = 1000;

/**
 * Entries on their way, in order, one batch after another. While the server is away they stay; what it refuses is left behind,
 * and the rest goes on. A flush says what went wrong.
 */
export const createSendQueue = ({ flushMs, mostWaiting, send }: Options) => {
  let waiting: Entry[] = [];
  let dropped = 0;
  let refusals: unknown[] = [];
  let sending: Promise<unknown> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const sendBatch = async (batch: readonly Entry[]): Promise<void> => {
    try {
      await send(batch);
    } catch (error) {
      if (isPassing(error)) throw error;
      // One bad param must not take those beside it along.
      if (batch.length > 1 && batch[0]!.kind !== 'metric') for (const entry of batch) await sendBatch([entry]);
      else refusals.push(error);
    }
  };
  /** What kept it from sending all, if anything did. */
  const sendAll = async (): Promise<unknown> => {
    let away: unknown;
    try {
      while (waiting.length > 0) {
        const batch = nextBatch(waiting);
        await sendBatch(batch);
        waiting = waiting.slice(batch.length);
      }
    } catch (error) {
      away = error;
    }
    sending = undefined;
    if (waiting.length > 0) timer ??= setTimeout(() => void start(), flushMs);
    return away;
  };
  const start = (): Promise<unknown> => {
    clearTimeout(timer);
    timer = undefined;
    // What has nothing to do ends at once, and must not count as under way.
    if (waiting.length === 0) return Promise.resolve(undefined);
    sending ??= sendAll();
    return sending;
  };

  return {
    put: (entry: Entry): void => {
      if (waiting.length >= mostWaiting) {
        dropped += 1;
        return;
      }
      waiting.push(entry);
      if (sending) return;
      if (waiting.length >= mostAtOnce) void start();
      else timer ??= setTimeout(() => void start(), flushMs);
    },
    flush: async (): Promise<void> => {
      // One that began long ago may be about to give up.
      if (sending) await sending;
      const away = await start();
      const found = [...refusals, ...(away === undefined ? [] : [away]), ...(dropped === 0 ? [] : [tooMany(dropped, mostWaiting)])];
      dropped = 0;
      refusals = [];
      if (found.length === 1) throw found[0];
      if (found.length > 1) throw new AggregateError(found, `${found.length} things could not be logged; the first: ${String(found[0])}`);
    },
  };
};

/** As many of one kind as go in one request. */
const nextBatch = (entries: readonly Entry[]): Entry[] => {
  const batch: Entry[] = [];
  let size = 0;
  for (const entry of entries) {
    size += entry.kind === 'metric' ? 1 : Object.keys(entry.texts).length;
    if (batch.length > 0 && (entry.kind !== batch[0]!.kind || size > mostAtOnce || isSaidTwice(entry, batch))) break;
    batch.push(entry);
  }
  return batch;
};
/** A param with two values has to be refused, and not to lose one of them on the way. */
const isSaidTwice = (entry: Entry, batch: readonly Entry[]): boolean =>
  entry.kind !== 'metric' &&
  batch.some((other) => other.kind !== 'metric' && Object.keys(entry.texts).some((key) => Object.hasOwn(other.texts, key)));

const tooMany = (dropped: number, most: number): AppError =>
  new AppError('too_large', `${dropped} points were lost: more than ${most} waited. Call "await run.flush()" now and then`, {
    reason: 'log_overflow',
    details: { dropped },
  });
