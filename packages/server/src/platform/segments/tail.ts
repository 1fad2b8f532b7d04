import { type OpenFile, shareSync } from '../files/index.ts';
import { type Entry, framesOf, seedOf, sizeOf } from './frame.ts';
import { type Segment, addRecord } from './segment.ts';

export interface Tail {
  readonly segment: Segment;
  /** Why it must not be written any more: nobody knows what of it the disk holds. */
  readonly failure: () => unknown;
  readonly unsynced: () => number;
  /** All in one write, or none; answers with the offset of each. */
  write(entries: readonly Entry[]): Promise<number[]>;
  /** What was written before the call is durable when it answers. Callers share. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The segment that grows. */
export const createTail = (segment: Segment, file: OpenFile): Tail => {
  const seed = seedOf(segment.name);
  let synced = segment.records;
  let failure: { reason: unknown } | undefined;

  const sync = shareSync(async () => {
    // After a failed fsync the kernel forgets the pages, and another one would answer that all is well.
    if (failure) throw failure.reason;
    const { records, end } = segment;
    try {
      await file.sync();
      synced = records;
      segment.synced = end;
    } catch (reason) {
      failure = { reason };
      throw reason;
    }
  });
  /** Synced, for otherwise a crash could bring back a part of what was refused, behind what is written next. */
  const cutBack = async (): Promise<void> => {
    try {
      await file.truncate(segment.end);
      await sync();
    } catch (reason) {
      failure = { reason };
    }
  };

  return {
    segment,
    failure: () => failure?.reason,
    unsynced: () => segment.records - synced,
    write: async (entries) => {
      try {
        await file.write(framesOf(entries, seed), segment.end);
      } catch (error) {
        await cutBack();
        throw error;
      }
      if (failure) throw failure.reason;
      return entries.map((entry) => {
        const offset = segment.end;
        addRecord(segment, { offset, end: offset + sizeOf(entry) }, entry.key);
        return offset;
      });
    },
    sync,
    close: () => file.close(),
  };
};
