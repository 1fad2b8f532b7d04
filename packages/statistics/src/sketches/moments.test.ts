import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMoments, type Moments, momentsFrom } from './moments.ts';

const momentsOf = (values: Iterable<number>): Moments => {
  const moments = createMoments();
  moments.addAll(values);
  return moments;
};
const near = (actual: number | null, expected: number, scale: number): void =>
  assert.ok(actual !== null && Math.abs(actual - expected) <= 1e-9 * Math.max(scale, 1e-300), `${actual} is not ${expected}`);

test('mean and variance do not lose digits far from zero', () => {
  const { mean, variance, min, max, count } = momentsOf([4, 7, 13, 16].map((x) => x + 1e9)).summary();
  assert.deepEqual([count, mean, variance, min, max], [4, 1e9 + 10, 30, 1e9 + 4, 1e9 + 16]);
});

test('no value has no mean, and one has no variance', () => {
  assert.deepEqual(createMoments().summary(), { count: 0, mean: null, variance: null, deviation: null, min: null, max: null });
  assert.deepEqual(momentsOf([3]).summary(), { count: 1, mean: 3, variance: null, deviation: null, min: 3, max: 3 });
});

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 50 });

test('merged parts are the whole but for rounding, in either order exactly alike', () => {
  fc.assert(
    fc.property(values, values, values, (a, b, c) => {
      const whole = momentsOf([...a, ...b, ...c]).summary();
      for (const merged of [
        momentsOf(a).mergedWith(momentsOf(b)).mergedWith(momentsOf(c)),
        momentsOf(a).mergedWith(momentsOf(b).mergedWith(momentsOf(c))),
      ]) {
        const { count, min, max, mean, variance } = merged.summary();
        assert.deepEqual([count, min, max], [whole.count, whole.min, whole.max]);
        if (whole.mean !== null) near(mean, whole.mean, 1e6);
        if (whole.variance !== null) near(variance, whole.variance, 1e12);
      }
      assert.deepEqual(momentsOf(a).mergedWith(momentsOf(b)).toJSON(), momentsOf(b).mergedWith(momentsOf(a)).toJSON());
    }),
  );
});

test('both forms give the moments back', () => {
  for (const moments of [createMoments(), momentsOf([1, 2.5, -7])]) {
    assert.deepEqual(momentsFrom(JSON.parse(JSON.stringify(moments))).toJSON(), moments.toJSON());
    assert.deepEqual(momentsFrom(moments.toBytes()).toJSON(), moments.toJSON());
  }
});

test('values without a finite square, and changed forms, are refused', () => {
  for (const value of [NaN, Infinity, 1e151, -1e200]) assert.throws(() => createMoments().add(value), RangeError);
  assert.ok(Number.isFinite(momentsOf([1e150, -1e150]).summary().variance));
  assert.throws(() => momentsFrom({ ...momentsOf([1]).toJSON(), min: null }), RangeError);
  assert.throws(() => momentsFrom(momentsOf([1]).toBytes().slice(1)), RangeError);
});
