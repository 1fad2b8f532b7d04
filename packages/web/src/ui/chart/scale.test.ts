import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { placeOf, rangeOf, scaleOf, ticksOf } from './scale.ts';

test('ticks are round, within the range, and about as many as asked for', () => {
  assert.deepEqual(ticksOf([0, 1], 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticksOf([-3.2, 2.1], 5), [-2, 0, 2]);
  const range = fc.tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }));
  fc.assert(
    fc.property(range, fc.integer({ min: 2, max: 10 }), ([low, width], count) => {
      const ticks = ticksOf([low, low + width], count);
      assert.ok(ticks.length <= count + 1);
      for (const tick of ticks) assert.ok(tick >= low - width * 1e-6 && tick <= low + width * (1 + 1e-6));
    }),
  );
});

test('a scale meets both ends, and a range without width lies in the middle', () => {
  const scale = scaleOf([10, 20], [100, 0]);
  assert.deepEqual([10, 15, 20].map(scale), [100, 50, 0]);
  assert.equal(scaleOf([3, 3], [0, 8])(3), 4);
});

test('what is missing has no part in a range', () => {
  assert.deepEqual(rangeOf([3, null, 1, Number.NaN]), [1, 3]);
  assert.equal(rangeOf([null]), undefined);
});

test('a place stays within its track', () => {
  assert.deepEqual(
    [-1, 0.25, 9].map((value) => placeOf([0, 1], value)),
    [0, 0.25, 1],
  );
});
