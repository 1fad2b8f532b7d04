import type { Gap } from './frame.ts';

const blockBytes = 64 * 1024;

export interface Stretch {
  readonly offset: number;
  readonly end: number;
}
/** Frames that follow each other without a gap, with the least and the greatest of their keys. */
interface Block extends Stretch {
  end: number;
  first: string;
  last: string;
}
export interface KeyRange {
  readonly from: string;
  readonly to: string;
}
/** What is known of a segment without reading it. */
export interface SegmentInfo {
  readonly name: string;
  /** Nothing will be added. */
  readonly sealed: boolean;
  readonly bytes: number;
  readonly records: number;
  /** The least and the greatest key. */
  readonly firstKey: string | undefined;
  readonly lastKey: string | undefined;
  /** Places that hold no whole record, and did once. */
  readonly damage: readonly Gap[];
}

export interface Segment {
  readonly name: string;
  sealed: boolean;
  /** Where the last whole record ends. */
  end: number;
  /** Up to here it survives a power cut. */
  synced: number;
  records: number;
  readonly blocks: Block[];
  readonly damage: Map<number, Gap>;
}

export const newSegment = (name: string, end: number): Segment => ({
  name,
  sealed: false,
  end,
  synced: end,
  records: 0,
  blocks: [],
  damage: new Map(),
});

export const addRecord = (segment: Segment, { offset, end }: Stretch, key: string): void => {
  const block = segment.blocks.at(-1);
  if (block?.end === offset && offset - block.offset < blockBytes) {
    block.end = end;
    if (key < block.first) block.first = key;
    if (key > block.last) block.last = key;
  } else {
    segment.blocks.push({ offset, end, first: key, last: key });
  }
  segment.end = end;
  segment.records += 1;
};

/** The stretches in which a record with such a key can stand. */
export const blocksWith = ({ blocks }: Segment, { from, to }: KeyRange): Stretch[] =>
  blocks.filter(({ first, last }) => first <= to && from <= last).map(stretchOf);

/** From an offset at which a record begins, as far as it is durable. */
export const syncedFrom = ({ blocks, synced }: Segment, from: number): Stretch[] =>
  blocks
    .filter(({ offset, end }) => end > from && offset < synced)
    .map(({ offset, end }) => ({ offset: Math.max(offset, from), end: Math.min(end, synced) }));

/** As it is now: the last block still grows. */
export const stretchOf = ({ offset, end }: Block): Stretch => ({ offset, end });

export const infoOf = ({ name, sealed, end, records, blocks, damage }: Segment): SegmentInfo => ({
  name,
  sealed,
  bytes: end,
  records,
  firstKey: blocks.reduce<string | undefined>((least, { first }) => (least === undefined || first < least ? first : least), undefined),
  lastKey: blocks.reduce<string | undefined>((most, { last }) => (most === undefined || last > most ? last : most), undefined),
  damage: [...damage.values()],
});
