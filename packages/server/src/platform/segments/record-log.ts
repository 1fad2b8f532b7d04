import path from 'node:path';
import { AppError, notFound } from '@boucle/contract';
import { type Clock, systemClock } from '../clock.ts';
import { type Files, diskFiles, onStorage, storageError } from '../files/index.ts';
import { type Waiting, createAppendQueue } from './append-queue.ts';
import { findSegments } from './find-segments.ts';
import { sizeOf } from './frame.ts';
import { createGrowth } from './growth.ts';
import { type LogRecord, readRecords } from './read-records.ts';
import { type KeyRange, type Segment, type SegmentInfo, blocksWith, infoOf, stretchOf, syncedFrom } from './segment.ts';

export interface Position {
  readonly segment: string;
  readonly offset: number;
}
export interface AppendOptions {
  /** By what the record is found again; best in the order of time, as our ids are. */
  key: string;
  /** `written`: it survives the death of the process, and soon a power cut. `synced`: it survives a power cut once this answers. */
  level: 'written' | 'synced';
}
export interface RecordLogOptions {
  files?: Files;
  segmentBytes?: number;
  /** The longest that a written record waits for its fsync to begin. */
  syncWithinMs?: number;
  clock?: Clock;
  /** A segment that will not grow any more: it may be taken elsewhere and dropped. */
  onSealed?: (this: void, segment: SegmentInfo) => void;
  /** So many records could not be kept. */
  onLost?: (this: void, records: number, reason: unknown) => void;
}

const batchBytes = 1024 * 1024;
/** More than this waits only where the disk does not keep up; then refusing is better than running out of memory. */
const waitingBytes = 64 * 1024 * 1024;
const keyBytes = 1024;

/**
 * An append-only log in segments, in a folder that one process owns. Appends that wait together share one write and, where they
 * want it, one fsync, while the next ones are written. What was refused is never found in the midst of what was kept.
 */
export const openRecordLog = async (folder: string, options: RecordLogOptions = {}) => {
  const { files = diskFiles, segmentBytes = 16 * 1024 * 1024, syncWithinMs = 100, clock = systemClock, onSealed, onLost } = options;
  let lost = 0;
  const lose = (records: number, reason: unknown): void => {
    lost += records;
    if (records > 0) onLost?.(records, reason);
  };
  const { segments, tornBytes } = await onStorage(folder, () => findSegments(files, folder));
  const growth = await createGrowth({ files, folder, segments, segmentBytes, clock, lose, onSealed });

  let timer: NodeJS.Timeout | undefined;
  const syncSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      const tail = growth.tail();
      if (tail && tail.unsynced() > 0) growth.sync(tail).catch(() => {}); // Counted and told where the segment is given up.
    }, syncWithinMs).unref();
  };

  const carryOut = async (batch: readonly Waiting[]): Promise<void> => {
    const refuse = (some: readonly Waiting[], reason: unknown): void => some.forEach(({ reject }) => reject(reason));
    try {
      const tail = await growth.tailFor(batch.reduce((sum, waiting) => sum + sizeOf(waiting), 0));
      const offsets = await tail.write(batch);
      const positions = new Map(batch.map((waiting, i) => [waiting, { segment: tail.segment.name, offset: offsets[i] ?? 0 }]));
      const answer = (some: readonly Waiting[]): void => some.forEach((waiting) => waiting.resolve(positions.get(waiting)!));
      const toSync = batch.filter(({ level }) => level === 'synced');
      answer(batch.filter(({ level }) => level === 'written'));
      // Not awaited: while it runs the next ones are written.
      if (toSync.length === 0) syncSoon();
      else
        growth.sync(tail).then(
          () => answer(toSync),
          (reason: unknown) => refuse(toSync, reason),
        );
    } catch (error) {
      const reason = storageError(error, folder);
      lose(batch.length, reason);
      refuse(batch, reason);
    }
  };
  const queue = createAppendQueue(carryOut, Math.min(batchBytes, segmentBytes));

  let isClosed = false;
  const refusal = (size: number, key: string): AppError | undefined => {
    if (isClosed) return new AppError('unavailable', `The log in ${folder} is closed: start the server again`, { reason: 'log_closed' });
    if (size > segmentBytes || Buffer.byteLength(key) > keyBytes) return tooLarge(size, segmentBytes);
    return queue.bytes() + size > waitingBytes ? behind(folder) : undefined;
  };
  const segmentNamed = (name: string): Segment => {
    const segment = segments.find((each) => each.name === name);
    if (!segment) throw notFound('segment', name);
    return segment;
  };

  return {
    /** A record as it is, or as JSON. One that is refused counts as lost. */
    append: (record: object, { key, level }: AppendOptions): Promise<Position> =>
      new Promise((resolve, reject) => {
        const payload = record instanceof Uint8Array ? record : Buffer.from(JSON.stringify(record));
        const reason = refusal(sizeOf({ key, payload }), key);
        if (reason) {
          lose(1, reason);
          reject(reason);
        } else {
          queue.add({ key, payload, level, resolve, reject });
        }
      }),
    segments: (): SegmentInfo[] => segments.map(infoOf),
    /** All of a segment, or what begins at an offset or later, in the order of writing. */
    records: async function* (name: string, from = 0): AsyncGenerator<LogRecord> {
      const segment = segmentNamed(name);
      const stretches = segment.blocks.map(stretchOf).filter(({ end }) => end > from);
      for await (const record of readRecords(files, path.join(folder, name), { segment, stretches })) {
        if (record.offset >= from) yield record;
      }
    },
    /**
     * What was appended since a position, or all, in the order of writing. To go on, hand in where the last one ended: it is
     * good in every later process too, for what a power cut could take back is synced before it is read.
     */
    since: async function* (position: Position | null): AsyncGenerator<LogRecord> {
      const tail = growth.tail();
      if (tail && tail.unsynced() > 0) await growth.sync(tail);
      for (const segment of segments.filter(({ name }) => position === null || name >= position.segment)) {
        const stretches = syncedFrom(segment, segment.name === position?.segment ? position.offset : 0);
        yield* readRecords(files, path.join(folder, segment.name), { segment, stretches });
      }
    },
    /** Behind all that was appended; null where nothing ever was. */
    end: async (): Promise<Position | null> => {
      const tail = growth.tail();
      if (tail && tail.unsynced() > 0) await growth.sync(tail);
      const last = segments.at(-1);
      return last ? { segment: last.name, offset: last.synced } : null;
    },
    /** Records by their key, both ends within; reads no more than the stretches that may hold one. */
    find: async function* (range: KeyRange): AsyncGenerator<LogRecord> {
      for (const segment of segments.slice()) {
        for await (const record of readRecords(files, path.join(folder, segment.name), {
          segment,
          stretches: blocksWith(segment, range),
        })) {
          if (range.from <= record.key && record.key <= range.to) yield record;
        }
      }
    },
    /** Seals the segment that grows. */
    roll: (): Promise<void> => queue.inTurn(growth.roll),
    /** Forgets a sealed segment, whose records are kept elsewhere by now. */
    drop: async (name: string): Promise<void> => {
      const segment = segmentNamed(name);
      if (!segment.sealed) throw stillGrows(name);
      await files.unlink(path.join(folder, name));
      await files.syncFolder(folder);
      segments.splice(segments.indexOf(segment), 1);
    },
    /** Records refused, or not known to be durable after a failed fsync, since opening. */
    lost: (): number => lost,
    /** What opening cut off: the half-written end of what was never answered as synced. */
    tornBytes,
    /** What was appended before is carried out and synced. */
    close: async (): Promise<void> => {
      isClosed = true;
      clearTimeout(timer);
      await queue.inTurn(async () => {
        const tail = growth.tail();
        if (!tail) return;
        await growth.sync(tail);
        await tail.close();
      });
    },
  };
};
export type RecordLog = Awaited<ReturnType<typeof openRecordLog>>;

const tooLarge = (size: number, limit: number): AppError =>
  new AppError('too_large', `A record of ${size} bytes is too long for a segment of ${limit}, or its key is: keep the content as a blob`, {
    reason: 'record_too_large',
    details: { size, limit },
  });
const behind = (folder: string): AppError =>
  new AppError('unavailable', `The disk of ${folder} does not keep up: send less, or put the data on a faster one`, {
    reason: 'log_behind',
  });
const stillGrows = (segment: string): AppError =>
  new AppError('failed_precondition', `Segment ${segment} still grows: roll first`, { reason: 'segment_open', details: { segment } });
