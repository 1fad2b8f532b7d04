import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gaussLegendre } from './gauss-legendre.ts';

const near = (actual: number, expected: number, tolerance = 1e-9): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${actual} is not ${expected}`);
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

test('a rule of n points integrates every power up to 2n - 1', () => {
  for (const n of [1, 2, 5, 16, 64, 256]) {
    const { points, weights } = gaussLegendre(n);
    for (const power of [0, 1, n, 2 * n - 1]) {
      near(sum(Array.from(points, (x, i) => weights[i]! * x ** power)), 1 / (power + 1), 1e-12);
    }
  }
  assert.throws(() => gaussLegendre(0), RangeError);
});
