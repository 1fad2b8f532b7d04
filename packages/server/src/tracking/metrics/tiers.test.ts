import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chunksToMerge, fullChunk } from './tiers.ts';

/** A series as it grows: each log adds a chunk, and what is to be merged becomes chunks of at most the full size. */
const grow = (sizes: readonly number[]) => {
  let chunks: { id: string; points: number }[] = [];
  let written = 0;
  let longest = 0;
  let number = 0;
  const add = (points: number): void => {
    for (let left = points; left > 0; left -= fullChunk) {
      chunks.push({ id: String(number++), points: Math.min(left, fullChunk) });
      written += Math.min(left, fullChunk);
    }
  };
  for (const size of sizes) {
    add(size);
    const merging = new Set(chunksToMerge(chunks));
    const points = chunks.filter(({ id }) => merging.has(id)).reduce((sum, chunk) => sum + chunk.points, 0);
    chunks = chunks.filter(({ id }) => !merging.has(id));
    longest = Math.max(longest, points);
    add(points);
  }
  return { chunks, written, longest };
};

test('however a series is logged, it keeps all its points in few chunks, writes each a few times, and merges a few at a time', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(1, 2, 15, 16, 100, 1000, fullChunk - 1, fullChunk, 10_000), { maxLength: 2000, size: 'max' }),
      (sizes) => {
        const { chunks, written, longest } = grow(sizes);
        const points = sizes.reduce((sum, size) => sum + size, 0);
        assert.equal(
          chunks.reduce((sum, chunk) => sum + chunk.points, 0),
          points,
        );
        assert.ok(chunks.filter((chunk) => chunk.points < fullChunk).length <= 48);
        assert.ok(longest <= 4 * fullChunk);
        assert.ok(written <= 5 * points, `${written} written of ${points}`);
      },
    ),
    { numRuns: 20 },
  );
});

test('a hundred thousand single points are full chunks and a few small ones', () => {
  const { chunks, written } = grow(Array.from({ length: 100_000 }, () => 1));
  assert.ok(chunks.length < 24 + 48);
  assert.ok(written <= 4.2 * 100_000);
});

test('what is full is left alone', () => {
  assert.deepEqual(chunksToMerge(Array.from({ length: 100 }, (_, i) => ({ id: String(i), points: fullChunk }))), []);
});
