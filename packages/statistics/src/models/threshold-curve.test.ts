import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '../random.ts';
import { precisionRecallCurve, rocCurve, thresholdCurve } from './threshold-curve.ts';

const tied = {
  positive: [true, false, true, true, false, false, true, false, true, false],
  scores: [0.9, 0.9, 0.8, 0.7, 0.7, 0.7, 0.55, 0.4, 0.3, 0.1],
};
const near = (actual: number, expected: number, tolerance = 1e-12): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

test('curves are those of scikit-learn 1.9, ties included', () => {
  const roc = rocCurve(tied)!;
  assert.deepEqual(
    roc.points.map((p) => p.falsePositiveRate),
    [0, 0.2, 0.2, 0.6, 0.6, 0.8, 0.8, 1],
  );
  assert.deepEqual(
    roc.points.map((p) => p.truePositiveRate),
    [0, 0.2, 0.4, 0.6, 0.8, 0.8, 1, 1],
  );
  assert.deepEqual(
    roc.points.map((p) => p.threshold),
    [null, 0.9, 0.8, 0.7, 0.55, 0.4, 0.3, 0.1],
  );
  const expected = [0.5, 2 / 3, 0.5, 4 / 7, 0.5, 5 / 9, 0.5];
  precisionRecallCurve(tied)!.points.forEach(({ precision }, i) => near(precision, expected[i]!));
});

const rows = fc.array(fc.record({ yes: fc.boolean(), score: fc.integer({ min: 0, max: 30 }) }), { minLength: 1, maxLength: 60 });

test('the straight lines between all points enclose the area, and fewer points neither change it nor leave the curve', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 2, max: 12 }), (drawn, points) => {
      const ranked = { positive: drawn.map(({ yes }) => yes), scores: drawn.map(({ score }) => score) };
      const [full, thin] = [rocCurve(ranked), rocCurve(ranked, { points })];
      if (full === null || thin === null) return assert.equal(full, thin);
      const enclosed = full.points.slice(1).reduce((sum, p, i) => {
        const before = full.points[i]!;
        return sum + ((p.falsePositiveRate - before.falsePositiveRate) * (p.truePositiveRate + before.truePositiveRate)) / 2;
      }, 0);
      near(full.area, enclosed);
      assert.equal(thin.area, full.area);
      assert.ok(thin.points.length <= points);
      for (const point of thin.points) assert.ok(full.points.some((p) => p.threshold === point.threshold));
      assert.deepEqual([thin.points[0], thin.points.at(-1)], [full.points[0], full.points.at(-1)]);
      assert.equal(precisionRecallCurve(ranked, { points })!.area, precisionRecallCurve(ranked)!.area);
    }),
  );
});

test('fifty of ten thousand points are close enough to draw', () => {
  const random = createRandom(1);
  const positive = Array.from({ length: 10_000 }, () => random.uniform() < 0.05);
  const { points, area } = rocCurve({ positive, scores: positive.map((yes) => random.uniform() + (yes ? 0.4 : 0)) }, { points: 50 })!;
  assert.ok(points.length > 45 && points.length <= 50);
  const enclosed = points.slice(1).reduce((sum, p, i) => {
    const before = points[i]!;
    return sum + ((p.falsePositiveRate - before.falsePositiveRate) * (p.truePositiveRate + before.truePositiveRate)) / 2;
  }, 0);
  near(enclosed, area, 0.002);
});

test('each threshold has its counts and shares, null where there is nothing to share', () => {
  const curve = thresholdCurve({ positive: [true, false], scores: [2, 1] });
  assert.deepEqual(curve[0], {
    threshold: null,
    tp: 0,
    fp: 0,
    fn: 1,
    tn: 1,
    precision: null,
    recall: 0,
    specificity: 1,
    f1: 0,
    accuracy: 0.5,
  });
  assert.deepEqual([curve[1]!.f1, curve[1]!.accuracy, curve[2]!.specificity], [1, 1, 0]);
  assert.equal(thresholdCurve({ positive: [false], scores: [1] })[1]!.recall, null);
  assert.equal(thresholdCurve({ positive: [], scores: [] })[0]!.accuracy, null);
});

test('scores that cannot be ranked and too few points are refused', () => {
  assert.throws(() => thresholdCurve({ positive: [true], scores: [NaN] }), RangeError);
  assert.throws(() => thresholdCurve({ positive: [true], scores: [] }), RangeError);
  for (const points of [1, NaN]) assert.throws(() => rocCurve(tied, { points }), RangeError);
});
