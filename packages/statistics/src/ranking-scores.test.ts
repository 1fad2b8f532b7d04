import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { averagePrecision, rocAuc } from './ranking-scores.ts';

const near = (value: number | null, expected: number): void =>
  assert.ok(value !== null && Math.abs(value - expected) < 1e-12, `${value} is not ${expected}`);

const tied = {
  positive: [true, false, true, true, false, false, true, false, true, false],
  scores: [0.9, 0.9, 0.8, 0.7, 0.7, 0.7, 0.55, 0.4, 0.3, 0.1],
};

test('areas are those of scikit-learn 1.9, ties included', () => {
  near(rocAuc(tied), 0.58);
  near(averagePrecision(tied), 0.5587301587301587);
});

test('equal scores for all are chance', () => {
  const positive = [true, false, true, false, false];
  const scores = positive.map(() => 0.3);
  assert.equal(rocAuc({ positive, scores }), 0.5);
  assert.equal(averagePrecision({ positive, scores }), 0.4);
});

test('without one of the kinds there is no area', () => {
  assert.equal(rocAuc({ positive: [true, true], scores: [1, 2] }), null);
  assert.equal(rocAuc({ positive: [], scores: [] }), null);
  assert.equal(averagePrecision({ positive: [false], scores: [1] }), null);
  assert.equal(averagePrecision({ positive: [true], scores: [1] }), 1);
});

test('a perfect order is exactly 1, however many rows', () => {
  for (let positives = 1; positives <= 200; positives++) {
    const positive = Array.from({ length: positives + 3 }, (_, row) => row < positives);
    assert.equal(averagePrecision({ positive, scores: positive.map((_, row) => -row) }), 1);
  }
});

test('scores that cannot be ranked are refused', () => {
  assert.throws(() => rocAuc({ positive: [true, false], scores: [NaN, 1] }), RangeError);
  assert.throws(() => rocAuc({ positive: [true], scores: [] }), RangeError);
});

const rows = fc.array(fc.record({ positive: fc.boolean(), score: fc.integer({ min: 0, max: 9 }) }), { minLength: 1, maxLength: 40 });

test('whatever the rows, the area is the share of pairs that are in the right order', () => {
  fc.assert(
    fc.property(rows, (drawn) => {
      const ranked = { positive: drawn.map((row) => row.positive), scores: drawn.map((row) => row.score) };
      const pairs = drawn
        .filter((a) => a.positive)
        .flatMap((a) => drawn.filter((b) => !b.positive).map((b) => Math.sign(a.score - b.score)));
      if (pairs.length === 0) assert.equal(rocAuc(ranked), null);
      else near(rocAuc(ranked), pairs.reduce((sum, order) => sum + (order + 1) / 2, 0) / pairs.length);
    }),
  );
});

test('areas do not depend on the order of the rows', () => {
  fc.assert(
    fc.property(rows, (drawn) => {
      const inOrder = (some: typeof drawn) => ({ positive: some.map((row) => row.positive), scores: some.map((row) => row.score) });
      assert.equal(averagePrecision(inOrder(drawn)), averagePrecision(inOrder(drawn.toReversed())));
      assert.equal(rocAuc(inOrder(drawn)), rocAuc(inOrder(drawn.toReversed())));
    }),
  );
});
