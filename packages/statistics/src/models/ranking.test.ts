import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { averagePrecision } from '../ranking-scores.ts';
import { rankingMetrics } from './ranking.ts';

const near = (actual: number | null, expected: number, tolerance = 1e-12): void =>
  assert.ok(actual !== null && Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

test('gains are those of scikit-learn 1.9, ties averaged', () => {
  const list = { relevance: [3, 2, 3, 0, 1, 2], scores: [0.9, 0.8, 0.8, 0.6, 0.4, 0.3] };
  for (const [k, expected] of [
    [10, 0.9699756668098606],
    [3, 0.9888906808152524],
    [2, 0.9355245321275764],
  ] as const)
    near(rankingMetrics([list], { k }).ndcg.value, expected);
});

test('the other metrics are those of the definitions, as means over lists', () => {
  const metrics = rankingMetrics(
    [
      { relevance: [0, 1, 0, 1], scores: [4, 3, 2, 1] },
      { relevance: [1, 0, 0], scores: [3, 2, 1] },
      { relevance: [0, 0], scores: [2, 1] },
    ],
    { k: 2 },
  );
  near(metrics.averagePrecision.value, (0.5 + 1) / 2);
  near(metrics.reciprocalRank.value, (0.5 + 1) / 2);
  near(metrics.precision.value, 0.5);
  near(metrics.recall.value, 0.75);
  assert.deepEqual(metrics.recall.sizes, [2]);
});

test('ties never flatter', () => {
  const metrics = rankingMetrics([{ relevance: [1, 0, 0, 0], scores: [1, 1, 1, 1] }], { k: 1 });
  assert.equal(metrics.reciprocalRank.value, 0.25);
  assert.equal(metrics.precision.value, 0);
});

const list = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 100 })), { minLength: 1, maxLength: 15 })
  .map((items) => ({ relevance: items.map(([gain]) => gain), scores: items.map(([, score], i) => score + i / 1000) }));

test('whatever the lists, values lie within 0 and 1, and the best order has the best gain', () => {
  fc.assert(
    fc.property(fc.array(list, { maxLength: 5 }), fc.integer({ min: 1, max: 20 }), (lists, k) => {
      for (const { value, interval, why } of Object.values(rankingMetrics(lists, { k }))) {
        if (value === null || interval === null) assert.ok(why);
        if (value !== null) assert.ok(value >= 0 && value <= 1);
        if (interval) assert.ok(interval.low >= 0 && interval.high <= 1);
      }
      const best = rankingMetrics(
        lists.map(({ relevance }) => ({ relevance, scores: relevance })),
        { k },
      );
      if (best.ndcg.value !== null) near(best.ndcg.value, 1);
    }),
  );
});

test('without ties the mean over one list is its average precision', () => {
  fc.assert(
    fc.property(list, ({ relevance, scores }) => {
      const one = rankingMetrics([{ relevance, scores }]).averagePrecision.value;
      const expected = averagePrecision({ positive: relevance.map((gain) => gain > 0), scores });
      if (expected === null) assert.equal(one, null);
      else near(one, expected);
    }),
  );
});

test('lists that cannot be ranked are refused', () => {
  assert.throws(() => rankingMetrics([{ relevance: [1], scores: [] }]), RangeError);
  assert.throws(() => rankingMetrics([{ relevance: [-1], scores: [1] }]), RangeError);
  assert.throws(() => rankingMetrics([{ relevance: [1], scores: [NaN] }]), RangeError);
  for (const k of [0, 1.5]) assert.throws(() => rankingMetrics([], { k }), RangeError);
  assert.equal(rankingMetrics([]).ndcg.why, 'no list holds anything relevant');
});
