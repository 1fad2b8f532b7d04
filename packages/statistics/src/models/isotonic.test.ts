import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyIsotonic, fitIsotonic } from './isotonic.ts';

const near = (actual: number, expected: number, tolerance = 1e-12): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

test('adjacent violators are pooled, straight lines join the points, and the ends go on level', () => {
  const model = fitIsotonic({ scores: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], outcomes: [0, 0, 1, 0, 1, 0, 1, 1] });
  const points = [0.05, 0.1, 0.25, 0.3, 0.35, 0.45, 0.55, 0.65, 0.75, 0.95];
  const expected = [0, 0, 0.25, 0.5, 0.5, 0.5, 0.5, 0.75, 1, 1];
  points.forEach((x, i) => near(applyIsotonic(model, x), expected[i]!));
});

test('weights and equal scores count as in scikit-learn 1.9', () => {
  const model = fitIsotonic({
    scores: [0.1, 0.4, 0.35, 0.8, 0.8, 0.6, 0.2, 0.9, 0.55, 0.3],
    outcomes: [0, 1, 0, 1, 0, 1, 0, 1, 0, 1],
    weights: [1, 2, 1, 3, 1, 1, 2, 1, 4, 1],
  });
  const points = [0, 0.15, 0.25, 0.33, 0.38, 0.5, 0.57, 0.7, 0.85, 1];
  const expected = [0, 0, 0.1875, 0.375, 0.375, 0.375, 0.545, 0.8, 0.9, 1];
  points.forEach((x, i) => near(applyIsotonic(model, x), expected[i]!));
});

const finite = { noNaN: true, noDefaultInfinity: true } as const;
const rows = fc.array(
  fc.record({ x: fc.oneof(fc.double(finite), fc.integer({ min: 0, max: 5 })), y: fc.double({ min: 0, max: 1, noNaN: true }) }),
  {
    minLength: 1,
    maxLength: 30,
  },
);

test('the curve never falls, stays within the outcomes, and keeps their mean', () => {
  fc.assert(
    fc.property(rows, fc.array(fc.double(finite)), (drawn, more) => {
      const model = fitIsotonic({ scores: drawn.map(({ x }) => x), outcomes: drawn.map(({ y }) => y) });
      const at = [...drawn.map(({ x }) => x), ...more].sort((a, b) => a - b).map((x) => applyIsotonic(model, x));
      const ys = drawn.map(({ y }) => y);
      at.forEach((value, i) => {
        assert.ok(value >= Math.min(...ys) - 1e-12 && value <= Math.max(...ys) + 1e-12);
        if (i > 0) assert.ok(value >= at[i - 1]!);
      });
      const fitted = drawn.reduce((sum, { x }) => sum + applyIsotonic(model, x), 0);
      near(
        fitted,
        drawn.reduce((sum, { y }) => sum + y, 0),
        1e-9,
      );
    }),
  );
});

test('fitting what was fitted changes nothing', () => {
  fc.assert(
    fc.property(rows, (drawn) => {
      const scores = drawn.map(({ x }) => x);
      const model = fitIsotonic({ scores, outcomes: drawn.map(({ y }) => y) });
      const once = scores.map((x) => applyIsotonic(model, x));
      const again = fitIsotonic({ scores, outcomes: once });
      scores.forEach((x, i) => near(applyIsotonic(again, x), once[i]!));
    }),
  );
});

test('no rows, unequal rows, and numbers that are none are refused', () => {
  assert.throws(() => fitIsotonic({ scores: [], outcomes: [] }), RangeError);
  assert.throws(() => fitIsotonic({ scores: [1], outcomes: [1, 0] }), RangeError);
  assert.throws(() => fitIsotonic({ scores: [NaN], outcomes: [1] }), RangeError);
  for (const weight of [0, -1, NaN, Infinity])
    assert.throws(() => fitIsotonic({ scores: [1], outcomes: [1], weights: [weight] }), RangeError);
  assert.throws(() => applyIsotonic(fitIsotonic({ scores: [1], outcomes: [1] }), NaN), RangeError);
});
