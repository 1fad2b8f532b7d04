import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logBeta, logGamma } from './log-gamma.ts';

const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) <= 1e-13 * Math.max(1, Math.abs(expected)), `${actual} is not ${expected}`);

test('the gamma function goes through the factorials', () => {
  let factorial = 1;
  for (let n = 1; n < 100; n++) {
    near(logGamma(n + 1), Math.log((factorial *= n)));
  }
});

test('it is known at a half, near nothing, and for large arguments', () => {
  near(logGamma(0.5), Math.log(Math.sqrt(Math.PI)));
  near(logGamma(1e-10), Math.log(1e10) - 0.5772156649015329e-10);
  near(logGamma(1e6), 12815504.569147611);
});

test('the beta function is symmetric, and one over a for b = 1', () => {
  near(logBeta(3, 8), logBeta(8, 3));
  near(logBeta(7, 1), -Math.log(7));
});

test('it refuses what has no value', () => {
  assert.throws(() => logGamma(0), RangeError);
  assert.throws(() => logGamma(Number.NaN), RangeError);
});
