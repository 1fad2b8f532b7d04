import { buffer } from 'node:stream/consumers';
import type { Files } from '../files/index.ts';
import { scan, seedOf } from './frame.ts';
import type { Segment, Stretch } from './segment.ts';

export interface LogRecord {
  readonly segment: string;
  readonly offset: number;
  /** Where the next one begins. */
  readonly end: number;
  readonly key: string;
  readonly payload: Buffer;
}

/** The records that stand in these stretches of a segment. What is found damaged is noted and passed over. */
export const readRecords = async function* (
  files: Files,
  file: string,
  { segment, stretches }: { segment: Segment; stretches: readonly Stretch[] },
): AsyncGenerator<LogRecord> {
  for (const { offset: start, end } of stretches) {
    const bytes = await buffer(files.read(file, { start, end }));
    const found = scan(bytes, seedOf(segment.name));
    const tail = { offset: found.end, bytes: end - start - found.end };
    for (const gap of [...found.gaps, tail]) {
      if (gap.bytes > 0) segment.damage.set(start + gap.offset, { offset: start + gap.offset, bytes: gap.bytes });
    }
    for (const frame of found.frames) {
      const { key, payload } = frame;
      yield { segment: segment.name, offset: start + frame.offset, end: start + frame.end, key, payload };
    }
  }
};
