import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rocAuc } from '../ranking-scores.ts';
import { createRandom } from '../random.ts';
import { areaVariance, rocAucInterval } from './delong.ts';

const near = (actual: number, expected: number): void => assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);
const tied = {
  positive: [true, false, true, true, false, false, true, false, true, false],
  scores: [0.9, 0.9, 0.8, 0.7, 0.7, 0.7, 0.55, 0.4, 0.3, 0.1],
};

test('variance and interval are those of all pairs, ties included', () => {
  const { value, interval } = rocAucInterval(tied);
  near(value!, rocAuc(tied)!);
  near(areaVariance(tied)!.variance!, 0.0398);
  near(interval!.low, 0.1889884131337971);
  near(interval!.high, 0.971011586866203);
});

test('the interval holds the true area about as often as it says', () => {
  const random = createRandom(3);
  let held = 0;
  for (let run = 0; run < 600; run++) {
    const positive = Array.from({ length: 80 }, (_, i) => i % 2 === 0);
    // The larger of two uniform numbers against one: its chance to win is 2/3.
    const scores = positive.map((yes) => (yes ? Math.max(random.uniform(), random.uniform()) : random.uniform()));
    const { low, high } = rocAucInterval({ positive, scores }).interval!;
    if (low <= 2 / 3 && 2 / 3 <= high) held++;
  }
  assert.ok(held / 600 > 0.92 && held / 600 < 0.975, `${held / 600}`);
});

test('where the spread cannot be known there is no interval, and why', () => {
  const apart = rocAucInterval({ positive: [true, true, false, false], scores: [4, 3, 2, 1] });
  assert.equal(apart.value, 1);
  assert.ok(apart.interval === null && apart.why);
  const single = rocAucInterval({ positive: [true, false, false], scores: [2, 1, 3] });
  assert.ok(single.value === 0.5 && single.interval === null && single.why);
  assert.equal(rocAucInterval({ positive: [true], scores: [1] }).value, null);
  assert.throws(() => rocAucInterval({ positive: [true, false], scores: [1, NaN] }), RangeError);
  assert.throws(() => rocAucInterval(tied, 2), RangeError);
});
