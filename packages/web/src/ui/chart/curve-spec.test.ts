import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aligned, bandOf, positive, valueAt } from './curve-spec.ts';
import { smooth } from './smooth.ts';

test('curves with other steps share an axis: what only others have is passed over, and a gap is one', () => {
  const { x, y } = aligned([
    { x: [0, 2, 4], y: [1, null, 3] },
    { x: [1, 2], y: [5, 6] },
  ]);
  assert.deepEqual(x, [0, 1, 2, 4]);
  assert.deepEqual(y, [
    [1, undefined, null, 3],
    [undefined, 5, 6, undefined],
  ]);
});

test('two points at one step are both drawn', () => {
  const { x, y } = aligned([
    { x: [1, 1, 2], y: [5, 9, 6] },
    { x: [1, 2, 2], y: [1, 2, 3] },
  ]);
  assert.deepEqual(x, [1, 1, 2, 2]);
  assert.deepEqual(y, [
    [5, 9, 6, undefined],
    [1, undefined, 2, 3],
  ]);
});

test('under the cursor stands the nearest point, a gap is null, and far from all points there is nothing', () => {
  const curve = { x: [0, 10, 20], y: [1, null, 3] };
  assert.equal(valueAt(curve, 1, 2), 1);
  assert.equal(valueAt(curve, 9, 2), null);
  assert.equal(valueAt(curve, 15, 2), undefined);
  assert.equal(valueAt(curve, 99, 2), undefined);
  assert.equal(valueAt({ x: [], y: [] }, 0, 2), undefined);
});

test('an axis by powers leaves out what is not above zero, and says how much', () => {
  assert.deepEqual(positive([1, 0, null, -2]), { y: [1, null, null, null], hidden: 2 });
});

test('smoothing leaves a constant alone from its first point on, and keeps gaps', () => {
  assert.deepEqual(
    smooth([2, 2, null, 2], 0.9).map((value) => value && Math.round(value * 1e9) / 1e9),
    [2, 2, null, 2],
  );
  assert.deepEqual(smooth([1, 5, 3], 0), [1, 5, 3]);
});

test('a band is the median of the curves that go so far, with the tenths around it', () => {
  const band = bandOf(
    Array.from({ length: 11 }, (_, i) => ({ x: [0, i === 10 ? 5 : 10], y: [i, i] })),
    3,
  );
  assert.deepEqual(band.x, [0, 5, 10]);
  assert.deepEqual(band.middle, [5, 5, 4.5]);
  assert.deepEqual([band.low[0], band.high[0]], [1, 9]);
  assert.deepEqual(bandOf([]), { x: [], low: [], middle: [], high: [] });
});

test('a band does not reach over a gap', () => {
  assert.deepEqual(bandOf([{ x: [0, 5, 10], y: [1, null, 3] }], 5).middle, [1, null, null, null, 3]);
});
