import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '../random.ts';
import { applyPlatt, fitPlatt } from './platt.ts';

const near = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

test('the curve is that of scikit-learn 1.9', () => {
  const scores = [0.1, 0.4, 0.35, 0.8, 0.8, 0.6, 0.2, 0.9, 0.55, 0.3];
  const model = fitPlatt({ scores, positive: [0, 1, 0, 1, 0, 1, 0, 1, 0, 1].map(Boolean) });
  near(model.slope, -2.2143277652426145, 1e-4);
  near(model.offset, 1.1057152802042924, 1e-4);
  const separable = fitPlatt({ scores: [-2, -1, 1, 2], positive: [false, false, true, true] });
  near(separable.slope, -0.673996392666092, 1e-5);
  near(applyPlatt(separable, 0), 0.5, 1e-12);
});

test('a logistic curve is found again', () => {
  const random = createRandom(1);
  const scores = Array.from({ length: 20_000 }, () => 6 * random.uniform() - 3);
  const model = fitPlatt({ scores, positive: scores.map((x) => random.uniform() < 1 / (1 + Math.exp(-(1.5 * x - 0.7)))) });
  near(model.slope, -1.5, 0.08);
  near(model.offset, 0.7, 0.08);
});

const rows = fc.array(fc.record({ x: fc.double({ min: -1e6, max: 1e6, noNaN: true }), yes: fc.boolean() }), {
  minLength: 1,
  maxLength: 25,
});

test('whatever the scores, separable or all equal, the result is a probability and the gradient vanishes', () => {
  fc.assert(
    fc.property(rows, (drawn) => {
      const model = fitPlatt({ scores: drawn.map(({ x }) => x), positive: drawn.map(({ yes }) => yes) });
      const n = drawn.length;
      const ups = drawn.filter(({ yes }) => yes).length;
      const misfit = drawn.reduce((sum, { x, yes }) => {
        const p = applyPlatt(model, x);
        assert.ok(p > 0 && p < 1);
        return sum + p - (yes ? (ups + 1) / (ups + 2) : 1 / (n - ups + 2));
      }, 0);
      near(misfit, 0, 1e-6);
    }),
  );
});

test('the unit of the scores does not matter', () => {
  const positive = [false, true, false, true, true];
  const plain = fitPlatt({ scores: [1, 2, 3, 4, 5], positive });
  const large = fitPlatt({ scores: [1e9, 2e9, 3e9, 4e9, 5e9], positive });
  near(applyPlatt(plain, 3.3), applyPlatt(large, 3.3e9), 1e-9);
});

test('no rows, unequal rows, and scores that are no numbers are refused', () => {
  assert.throws(() => fitPlatt({ scores: [], positive: [] }), RangeError);
  assert.throws(() => fitPlatt({ scores: [1], positive: [] }), RangeError);
  for (const score of [NaN, Infinity, 1e200]) assert.throws(() => fitPlatt({ scores: [score], positive: [true] }), RangeError);
  assert.throws(() => applyPlatt(fitPlatt({ scores: [1], positive: [true] }), NaN), RangeError);
});
