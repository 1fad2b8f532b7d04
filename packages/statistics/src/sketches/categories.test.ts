import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CategoryCounts, categoryCountsFrom, createCategoryCounts } from './categories.ts';

const countsOf = (values: Iterable<string>, limit = 4): CategoryCounts => {
  const counts = createCategoryCounts({ limit });
  counts.addAll(values);
  return counts;
};

test('up to the limit the counts are exact', () => {
  assert.deepEqual(countsOf(['x', 'y', 'x']).summary(), {
    exact: true,
    total: 3,
    distinct: 2,
    counts: [
      { value: 'x', low: 2, high: 2 },
      { value: 'y', low: 1, high: 1 },
    ],
    other: 0,
  });
});

test('above it they are those of the frequent ones, with bounds, and say so', () => {
  const { exact, distinct, counts, other, total } = countsOf('aaaabbbbcde'.split('')).summary();
  assert.equal(exact, false);
  assert.equal(distinct, null);
  assert.deepEqual(
    counts.map(({ value }) => value),
    ['a', 'b'],
  );
  assert.ok(counts.every(({ low, high }) => low <= 4 && 4 <= high));
  assert.equal(other + counts.reduce((sum, { low }) => sum + low, 0), total);
});

const values = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 40 });

test('merged parts are exact whenever the whole is, and then equal it', () => {
  fc.assert(
    fc.property(values, values, (one, two) => {
      const merged = countsOf(one).mergedWith(countsOf(two));
      const whole = countsOf([...one, ...two]).summary();
      assert.equal(merged.summary().exact, whole.exact);
      if (whole.exact) assert.deepEqual(merged.summary(), whole);
      assert.deepEqual(merged.toJSON(), countsOf(two).mergedWith(countsOf(one)).toJSON());
    }),
  );
});

test('both forms give the counts back', () => {
  const counts = countsOf('aaaabbbbcde'.split(''));
  assert.deepEqual(categoryCountsFrom(JSON.parse(JSON.stringify(counts))).toJSON(), counts.toJSON());
  assert.deepEqual(categoryCountsFrom(counts.toBytes()).toJSON(), counts.toJSON());
});

test('odd limits and other forms are refused', () => {
  for (const limit of [3, 0, -2, NaN]) assert.throws(() => createCategoryCounts({ limit }), RangeError);
  assert.throws(() => categoryCountsFrom({ ...countsOf([]).toJSON(), version: 2 as 1 }), RangeError);
});
