import path from 'node:path';
import { AppError, notFound } from '@boucle/contract';
import { type Clock, systemClock } from '../clock.ts';
import { type Files, diskFiles, onStorage, storageError } from '../files/index.ts';
import { findSegments, segmentName, sequenceOf } from './find-segments.ts';
import { header, sizeOf } from './frame.ts';
import { type LogRecord, readRecords } from './read-records.ts';
import { type KeyRange, type Segment, type SegmentInfo, blocksWith, infoOf, newSegment, stretchOf } from './segment.ts';
import { type Tail, createTail } from './tail.ts';

export interface Position {
  readonly segment: string;
  readonly offset: number;
}
export interface AppendOptions {
  /** By what the record is found again; best in the order of time. */
  key: string;
  /** `written`: it survives the death of the process, and soon a power cut. `synced`: it survives a power cut when this answers. */
  level: 'written' | 'synced';
}
export interface RecordLogOptions {
  files?: Files;
  segmentBytes?: number;
  /** The longest that a written record waits for its fsync to begin. */
  syncWithinMs?: number;
  clock?: Clock;
  /** A segment that will not grow any more; it may be taken elsewhere and dropped. */
  onSealed?: (segment: SegmentInfo) => void;
  /** Records that could not be kept, by how many. */
  onLost?: (records: number, reason: unknown) => void;
}

const defaultSegmentBytes = 16 * 1024 * 1024;
const batchBytes = 1024 * 1024;
/** More than this waits only if the disk does not keep up; then refusing is better than running out of memory. */
const waitingBytes = 64 * 1024 * 1024;

interface Waiting {
  readonly key: string;
  readonly payload: Uint8Array;
  readonly level: AppendOptions['level'];
  readonly resolve: (position: Position) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * An append-only log in segments, in a folder that one process owns. Appends that wait together share one write, and those that
 * want it one fsync, while the next ones are written. What was refused is never found again in the midst of what was kept.
 */
export const openRecordLog = async (folder: string, options: RecordLogOptions = {}) => {
  const { files = diskFiles, segmentBytes = defaultSegmentBytes, syncWithinMs = 100, clock = systemClock, onSealed, onLost } = options;
  const { segments, tornBytes } = await onStorage(folder, () => findSegments(files, folder));
  const newest = segments.at(-1);
  let tail = newest && !newest.sealed ? createTail(newest, await files.open(path.join(folder, newest.name))) : undefined;
  let lost = 0;
  let isClosed = false;

  let sequence = newest ? sequenceOf(newest.name) : 0;
  const inTurn = oneAtATime();

  const lose = (records: number, reason: unknown): void => {
    lost += records;
    if (records > 0) onLost?.(records, reason);
  };
  /** Ends a segment. What of it is not known to be durable counts as lost. */
  const retire = async (old: Tail, reason?: unknown): Promise<void> => {
    if (old.segment.sealed) return;
    old.segment.sealed = true;
    if (tail === old) tail = undefined;
    lose(old.unsynced(), reason);
    await old.close().catch(() => {}); // It is synced, or given up.
    onSealed?.(infoOf(old.segment));
  };
  const sync = async (of: Tail): Promise<void> => {
    try {
      await of.sync();
    } catch (error) {
      const reason = storageError(error, folder);
      await retire(of, reason);
      throw reason;
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const syncSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (tail && tail.unsynced() > 0) sync(tail).catch(() => {}); // Counted and told by `retire`.
    }, syncWithinMs).unref();
  };
  /** Synced before the next one begins, so that only the last segment can have a torn tail. */
  const roll = async (): Promise<void> => {
    if (!tail || tail.segment.records === 0) return;
    const old = tail;
    await sync(old).catch(() => {}); // As above.
    await retire(old);
  };
  const startSegment = async (): Promise<Tail> => {
    const name = segmentName(++sequence, clock.now());
    const file = await files.create(path.join(folder, name));
    try {
      await file.write(header, 0);
      await files.syncFolder(folder);
    } catch (error) {
      await file.close().catch(() => {}); // The first failure is the one to tell.
      await files.unlink(path.join(folder, name)).catch(() => {});
      throw error;
    }
    const segment = newSegment(name, header.length);
    segments.push(segment);
    return createTail(segment, file);
  };
  const tailFor = async (bytes: number): Promise<Tail> => {
    if (tail?.isBroken()) await retire(tail);
    if (tail && tail.segment.end + bytes > segmentBytes) await roll();
    tail ??= await startSegment();
    return tail;
  };

  const writeBatch = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const into = await tailFor(batch.reduce((sum, waiting) => sum + sizeOf(waiting), 0));
      const offsets = await into.write(batch);
      const answers = batch.map(({ level, resolve, reject }, i) => ({
        level,
        reject,
        resolve: () => resolve({ segment: into.segment.name, offset: offsets[i] ?? 0 }),
      }));
      const [atOnce, later] = [answers.filter(({ level }) => level === 'written'), answers.filter(({ level }) => level === 'synced')];
      atOnce.forEach(({ resolve }) => resolve());
      if (later.length === 0) syncSoon();
      else {
        sync(into).then(
          () => later.forEach(({ resolve }) => resolve()),
          (reason: unknown) => later.forEach(({ reject }) => reject(reason)),
        );
      }
    } catch (error) {
      const reason = storageError(error, folder);
      lose(batch.length, reason);
      batch.forEach(({ reject }) => reject(reason));
    }
  };

  const queue: Waiting[] = [];
  let queuedBytes = 0;
  let isDraining = false;
  const drain = async (): Promise<void> => {
    while (queue.length > 0) {
      let bytes = 0;
      const many = queue.findIndex((waiting) => (bytes += sizeOf(waiting)) > Math.min(batchBytes, segmentBytes));
      const batch = queue.splice(0, many === -1 ? queue.length : Math.max(1, many));
      await writeBatch(batch);
      queuedBytes -= batch.reduce((sum, waiting) => sum + sizeOf(waiting), 0);
    }
    isDraining = false;
  };
  const refusal = (size: number): AppError | undefined => {
    if (isClosed) return new AppError('unavailable', `The log in ${folder} is closed: start the server again`, { reason: 'log_closed' });
    if (size > segmentBytes) {
      return new AppError('too_large', `A record of ${size} bytes is longer than a segment (${segmentBytes}): keep its content as a blob`, {
        reason: 'record_too_large',
        details: { size, limit: segmentBytes },
      });
    }
    if (queuedBytes + size <= waitingBytes) return undefined;
    return new AppError('unavailable', `The disk of ${folder} does not keep up: send less, or put the data on a faster one`, {
      reason: 'log_behind',
    });
  };

  const segmentNamed = (name: string): Segment => {
    const segment = segments.find((each) => each.name === name);
    if (!segment) throw notFound('segment', name);
    return segment;
  };

  return {
    /** A record as it is, or as JSON. A refused one is counted by `lost`. */
    append: (record: object, { key, level }: AppendOptions): Promise<Position> =>
      new Promise((resolve, reject) => {
        const payload = record instanceof Uint8Array ? record : Buffer.from(JSON.stringify(record));
        const size = sizeOf({ key, payload });
        const reason = refusal(size);
        if (reason) {
          lose(1, reason);
          reject(reason);
          return;
        }
        queue.push({ key, payload, level, resolve, reject });
        queuedBytes += size;
        if (isDraining) return;
        isDraining = true;
        void inTurn(drain);
      }),
    segments: (): SegmentInfo[] => segments.map(infoOf),
    /** All of a segment, or what begins at an offset or later, in the order of writing. */
    records: async function* (name: string, from = 0): AsyncGenerator<LogRecord> {
      const segment = segmentNamed(name);
      for await (const record of readRecords(
        files,
        folder,
        segment,
        segment.blocks.map(stretchOf).filter(({ end }) => end > from),
      )) {
        if (record.offset >= from) yield record;
      }
    },
    /** Records by their key, both ends within; reads no more than the blocks that may hold one. */
    find: async function* (range: KeyRange): AsyncGenerator<LogRecord> {
      for (const segment of [...segments]) {
        for await (const record of readRecords(files, folder, segment, blocksWith(segment, range))) {
          if (range.from <= record.key && record.key <= range.to) yield record;
        }
      }
    },
    /** Seals the segment that grows. */
    roll: (): Promise<void> => inTurn(roll),
    /** Forgets a sealed segment, whose records are kept elsewhere by now. */
    drop: async (name: string): Promise<void> => {
      const segment = segmentNamed(name);
      if (!segment.sealed) {
        throw new AppError('failed_precondition', `Segment ${name} still grows: roll first`, {
          reason: 'segment_open',
          details: { segment: name },
        });
      }
      await files.unlink(path.join(folder, name));
      await files.syncFolder(folder);
      segments.splice(segments.indexOf(segment), 1);
    },
    /** Records refused, or not known to be durable after a failed fsync, since opening. */
    lost: (): number => lost,
    /** What opening cut off: the half-written end of what was never answered as synced. */
    tornBytes,
    close: async (): Promise<void> => {
      isClosed = true;
      clearTimeout(timer);
      await inTurn(async () => {
        if (!tail) return;
        await sync(tail);
        await tail?.close();
      });
    },
  };
};
export type RecordLog = Awaited<ReturnType<typeof openRecordLog>>;

const oneAtATime = () => {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => {}); // Its caller hears of it.
    return mine;
  };
};
