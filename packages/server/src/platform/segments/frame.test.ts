import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Entry, framesOf, scan, sizeOf } from './frame.ts';

const seed = 7;
const entries = fc.array(fc.record({ key: fc.string({ unit: 'grapheme', maxLength: 12 }), payload: fc.uint8Array({ maxLength: 60 }) }), {
  minLength: 1,
  maxLength: 12,
});
const plain = ({ key, payload }: Entry) => ({ key, payload: Buffer.from(payload).toString('hex') });
const startsOf = (list: readonly Entry[]): number[] => list.map((_, i) => list.slice(0, i).reduce((sum, entry) => sum + sizeOf(entry), 0));

test('what was framed is what a scan finds', () => {
  fc.assert(
    fc.property(entries, (list) => {
      const bytes = framesOf(list, seed);
      const { frames, gaps, end } = scan(bytes, seed);
      assert.deepEqual(frames.map(plain), list.map(plain));
      assert.deepEqual({ gaps, end }, { gaps: [], end: bytes.length });
    }),
  );
});

test('cut at any byte, all whole records before the cut are found, and no other', () => {
  fc.assert(
    fc.property(entries, fc.nat(), (list, at) => {
      const bytes = framesOf(list, seed);
      const cut = at % bytes.length;
      const whole = list.filter((entry, i) => (startsOf(list)[i] ?? 0) + sizeOf(entry) <= cut);
      const { frames, gaps } = scan(bytes.subarray(0, cut), seed);
      assert.deepEqual(frames.map(plain), whole.map(plain));
      assert.deepEqual(gaps, []);
    }),
  );
});

test('damage anywhere takes the records it touches, and those before and behind it are found', () => {
  fc.assert(
    fc.property(entries, fc.nat(), fc.integer({ min: 1, max: 255 }), fc.integer({ min: 1, max: 30 }), (list, place, flip, length) => {
      const bytes = framesOf(list, seed);
      const from = place % bytes.length;
      const to = Math.min(bytes.length, from + length);
      for (let i = from; i < to; i += 1) bytes[i] = (bytes[i] ?? 0) ^ flip;
      const untouched = list.filter((entry, i) => {
        const start = startsOf(list)[i] ?? 0;
        return start + sizeOf(entry) <= from || start >= to;
      });
      const { frames, gaps, end } = scan(bytes, seed);
      assert.deepEqual(frames.map(plain), untouched.map(plain));
      const found = frames.reduce((sum, frame) => sum + sizeOf(frame), 0);
      assert.equal(found + gaps.reduce((sum, gap) => sum + gap.bytes, 0), end);
    }),
  );
});

test('zeros, and records of another segment, are no records', () => {
  assert.deepEqual(scan(Buffer.alloc(100), seed).frames, []);
  assert.deepEqual(scan(framesOf([{ key: 'a', payload: Buffer.from('b') }], seed), seed + 1).frames, []);
});
