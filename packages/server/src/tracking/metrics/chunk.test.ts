import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { packPoints, unpackPoints } from './chunk.ts';
import { byStep, byTime, inOrder, type Point, stepOf } from './metric-point.ts';

const aPoint = fc.record(
  {
    step: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(stepOf),
    time: fc.maxSafeInteger(),
    value: fc.double().map((value) => value + 0),
  },
  { noNullPrototype: true },
);

test('points come out of their bytes as they went in, wherever the bytes lie', () => {
  fc.assert(
    fc.property(fc.array(aPoint), fc.nat(9), (points, offset) => {
      const packed = packPoints(points);
      assert.equal(packed.length, 1 + 24 * points.length);
      const within = new Uint8Array(packed.length + 20);
      within.set(packed, offset);
      assert.deepEqual(unpackPoints(within.subarray(offset, offset + packed.length)), points);
    }),
  );
});

test('steps at the edge of what a number holds stay exact', () => {
  const steps = [2n ** 53n + 1n, 2 ** 53 - 1, -(2 ** 53) + 1, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n), 2 ** 32, -(2 ** 32), -1, 0];
  const points = steps.map((step) => ({ step, time: 0, value: 0 }));
  assert.deepEqual(
    unpackPoints(packPoints(points)).map(({ step }) => step),
    steps,
  );
});

test('bytes that are none of ours are not read as points', () => {
  for (const bytes of [Uint8Array.of(), Uint8Array.of(2), packPoints([{ step: 1, time: 1, value: 1 }]).subarray(0, 20)])
    assert.throws(() => unpackPoints(bytes));
});

test('in order stands each point once, however often and where it came', () => {
  const few = fc.record({
    step: fc.constantFrom(-1, 0, 2n ** 60n),
    time: fc.constantFrom(0, 5),
    value: fc.constantFrom(Number.NaN, 0, 1, Infinity, -Infinity),
  });
  fc.assert(
    fc.property(fc.array(few), fc.constantFrom(byStep, byTime), (points, order) => {
      const sorted = inOrder(points, order);
      const named = (point: Point) => `${point.step} ${point.time} ${point.value}`;
      assert.deepEqual(new Set(sorted.map(named)), new Set(points.map(named)));
      assert.equal(new Set(sorted.map(named)).size, sorted.length);
      for (const [i, point] of sorted.entries()) if (i > 0) assert.ok(order(sorted[i - 1]!, point) < 0);
    }),
  );
});
