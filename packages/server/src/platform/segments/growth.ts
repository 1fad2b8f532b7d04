import path from 'node:path';
import type { Clock } from '../clock.ts';
import { type Files, storageError } from '../files/index.ts';
import { segmentName, sequenceOf } from './find-segments.ts';
import { header } from './frame.ts';
import { type Segment, type SegmentInfo, infoOf, newSegment } from './segment.ts';
import { type Tail, createTail } from './tail.ts';

interface GrowthOptions {
  readonly files: Files;
  readonly folder: string;
  /** Oldest first; new ones are added. */
  readonly segments: Segment[];
  readonly segmentBytes: number;
  readonly clock: Clock;
  lose(this: void, records: number, reason: unknown): void;
  onSealed?: ((this: void, segment: SegmentInfo) => void) | undefined;
}

/** Which segment grows, and the change from one to the next. */
export const createGrowth = async ({ files, folder, segments, segmentBytes, clock, lose, onSealed }: GrowthOptions) => {
  const newest = segments.at(-1);
  let sequence = newest ? sequenceOf(newest.name) : 0;
  let tail = newest && !newest.sealed ? createTail(newest, await files.open(path.join(folder, newest.name))) : undefined;

  /** What of it is not known to be durable counts as lost. */
  const retire = async (old: Tail): Promise<void> => {
    if (old.segment.sealed) return;
    old.segment.sealed = true;
    if (tail === old) tail = undefined;
    lose(old.unsynced(), old.failure());
    await old.close().catch(() => {}); // It is synced, or given up.
    onSealed?.(infoOf(old.segment));
  };
  const sync = async (of: Tail): Promise<void> => {
    try {
      await of.sync();
    } catch (error) {
      await retire(of);
      throw storageError(error, folder);
    }
  };
  /** Synced before the next one begins, so that only the last segment can have a torn tail. */
  const roll = async (): Promise<void> => {
    if (!tail || tail.segment.records === 0) return;
    const old = tail;
    await sync(old).catch(() => {}); // Counted and told by `retire`.
    await retire(old);
  };
  const begin = async (): Promise<Tail> => {
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

  return {
    roll,
    sync,
    tail: (): Tail | undefined => tail,
    /** Where the next so many bytes go. */
    tailFor: async (bytes: number): Promise<Tail> => {
      if (tail?.failure() !== undefined) await retire(tail);
      if (tail && tail.segment.end + bytes > segmentBytes) await roll();
      tail ??= await begin();
      return tail;
    },
  };
};
