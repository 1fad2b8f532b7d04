import { header, scan, seedOf } from './frame.ts';

export interface CheckedSegment {
  readonly records: number;
  /** Where the last whole record ends: what follows is a torn tail, or still being written. */
  readonly end: number;
  /** Bytes before that in which no record can be read. */
  readonly damagedBytes: number;
}

/** What the checks of a segment say of its bytes, in whatever place they lie. */
export const checkSegment = (name: string, bytes: Buffer): CheckedSegment => {
  const isWhole = bytes.subarray(0, header.length).equals(header);
  const { frames, gaps, end } = scan(bytes.subarray(header.length), seedOf(name));
  return {
    records: frames.length,
    end: Math.min(bytes.length, header.length + end),
    damagedBytes: gaps.reduce((sum, gap) => sum + gap.bytes, isWhole ? 0 : Math.min(bytes.length, header.length)),
  };
};
