import { crc32 } from 'node:zlib';

/**
 * A segment is a header line and frames, each: marker (4 bytes), length of the body, CRC-32 of the body (4 bytes each, little endian),
 * body = length of the key (2 bytes), key, payload. The CRC starts from the segment's own seed, so that blocks of a deleted
 * segment that turn up after a power cut are no records. The marker holds bytes that no UTF-8 has: reading finds its way
 * again behind a damaged place.
 */
export const header = Buffer.from('boucle.segment/1\n');
const marker = Buffer.from([0xff, 0x52, 0xfe, 0x0a]);
const frameHead = marker.length + 8;

export interface Entry {
  readonly key: string;
  readonly payload: Uint8Array;
}
export interface Frame extends Entry {
  /** Where it stands in the scanned bytes, and where the next one begins. */
  readonly offset: number;
  readonly end: number;
  readonly payload: Buffer;
}
export interface Gap {
  readonly offset: number;
  readonly bytes: number;
}

export const seedOf = (segment: string): number => crc32(segment);

export const sizeOf = ({ key, payload }: Entry): number => frameHead + 2 + Buffer.byteLength(key) + payload.length;

/** The frames of these, one behind the other. */
export const framesOf = (entries: readonly Entry[], seed: number): Buffer => {
  const bytes = Buffer.allocUnsafe(entries.reduce((sum, entry) => sum + sizeOf(entry), 0));
  let at = 0;
  for (const { key, payload } of entries) {
    const body = at + frameHead;
    const keyEnd = body + 2 + bytes.write(key, body + 2);
    bytes.writeUInt16LE(keyEnd - body - 2, body);
    bytes.set(payload, keyEnd);
    const end = keyEnd + payload.length;
    marker.copy(bytes, at);
    bytes.writeUInt32LE(end - body, at + 4);
    bytes.writeUInt32LE(crc32(bytes.subarray(body, end), seed), at + 8);
    at = end;
  }
  return bytes;
};

/** All whole frames, what lies damaged between them, and where the last whole one ends: what follows is a torn tail. */
export const scan = (bytes: Buffer, seed: number): { frames: Frame[]; gaps: Gap[]; end: number } => {
  const frames: Frame[] = [];
  const gaps: Gap[] = [];
  let end = 0;
  for (let at = 0; at < bytes.length;) {
    const frame = frameAt(bytes, at, seed);
    if (frame) {
      if (end < at) gaps.push({ offset: end, bytes: at - end });
      frames.push(frame);
      at = end = frame.end;
    } else {
      const next = bytes.indexOf(marker, at + 1);
      at = next === -1 ? bytes.length : next;
    }
  }
  return { frames, gaps, end };
};

const frameAt = (bytes: Buffer, at: number, seed: number): Frame | undefined => {
  const start = at + frameHead;
  if (start + 2 > bytes.length || bytes.compare(marker, 0, marker.length, at, at + marker.length) !== 0) return undefined;
  const end = start + bytes.readUInt32LE(at + 4);
  const payloadAt = start + 2 + bytes.readUInt16LE(start);
  if (payloadAt > end || end > bytes.length) return undefined;
  if (crc32(bytes.subarray(start, end), seed) !== bytes.readUInt32LE(at + 8)) return undefined;
  return { offset: at, end, key: bytes.toString('utf8', start + 2, payloadAt), payload: bytes.subarray(payloadAt, end) };
};
