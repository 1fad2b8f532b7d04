import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawn, lookOf, zoomOf } from './curve-look.ts';

const runs = [{ id: 'a', name: 'first' }];
const points = [
  { value: 1, step: 0, time: 1000 },
  { value: 'NaN', step: '9007199254740993', time: 3000 },
  { value: -2, step: 7, time: 5000 },
] as const;

test('what is not a number is a gap, and steps beyond all safe numbers have a place', () => {
  const { curves, shown, logged } = drawn([{ runId: 'a', points, logged: 9 }], { runs, look: lookOf({}), originOf: () => 0 });
  assert.deepEqual(curves[0]!.y, [1, null, -2]);
  assert.equal(curves[0]!.x[1], 2 ** 53);
  assert.deepEqual([shown, logged], [3, 9]);
});

test('a run’s own time counts from its first point, also when zoomed in', () => {
  const { curves } = drawn([{ runId: 'a', points: points.slice(2), logged: 1 }], {
    runs,
    look: lookOf({ axis: 'relative' }),
    originOf: () => 1000,
  });
  assert.deepEqual(curves[0]!.x, [4000]);
});

test('a smoothed line has what was logged behind it', () => {
  const { curves } = drawn([{ runId: 'a', points, logged: 3 }], { runs, look: lookOf({ smooth: '0.9' }), originOf: () => 0 });
  assert.deepEqual(
    curves.map(({ isPale }) => isPale ?? false),
    [true, false],
  );
});

test('a log axis says what it leaves out', () => {
  assert.equal(drawn([{ runId: 'a', points, logged: 3 }], { runs, look: lookOf({ log: 'true' }), originOf: () => 0 }).hidden, 1);
});

test('an address that makes no sense is as if it said nothing', () => {
  assert.deepEqual(lookOf({ axis: 'x', smooth: '7', log: 'yes', zoom: '5~1' }), {
    axis: 'step',
    weight: 0,
    isLog: false,
    range: undefined,
  });
  assert.deepEqual(lookOf({ zoom: zoomOf([1.5, 20])! }).range, [1.5, 20]);
});
