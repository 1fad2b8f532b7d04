import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '../random.ts';
import { cuped } from './cuped.ts';

const mean = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;
const variance = (xs: readonly number[]) => mean(xs.map((x) => (x - mean(xs)) ** 2));

test('what the covariate foretold is taken out, and the reduction is the squared correlation', () => {
  const random = createRandom(1);
  const units = Array.from({ length: 4000 }, () => {
    const covariate = random.uniform();
    return { covariate, outcome: 3 * covariate + random.uniform() };
  });
  const result = cuped(units);
  assert.ok(result.testable);
  assert.ok(Math.abs(result.theta - 3) < 0.06);
  assert.ok(Math.abs(result.varianceReduction - 0.9) < 0.01);
  const outcomes = units.map((unit) => unit.outcome);
  assert.ok(Math.abs(1 - variance(result.adjusted) / variance(outcomes) - result.varianceReduction) < 1e-9);
});

test('the mean stays, and the variance never grows', () => {
  const unit = fc.record({ outcome: fc.double({ min: -1e3, max: 1e3, noNaN: true }), covariate: fc.integer({ min: -9, max: 9 }) });
  fc.assert(
    fc.property(fc.array(unit, { minLength: 3 }), (units) => {
      const result = cuped(units);
      if (!result.testable) return;
      const outcomes = units.map((it) => it.outcome);
      assert.ok(Math.abs(mean(result.adjusted) - mean(outcomes)) < 1e-8);
      assert.ok(variance(result.adjusted) <= variance(outcomes) * (1 + 1e-9) + 1e-9);
      assert.ok(result.varianceReduction >= 0 && result.varianceReduction <= 1);
    }),
  );
});

test('a covariate that does not vary changes nothing; outcomes that do not are not testable', () => {
  const flat = cuped([1, 2, 3].map((outcome) => ({ outcome, covariate: 5 })));
  assert.ok(flat.testable);
  assert.deepEqual([flat.theta, flat.varianceReduction, [...flat.adjusted]], [0, 0, [1, 2, 3]]);
  assert.equal(cuped([1, 2, 3].map((covariate) => ({ outcome: 5, covariate }))).testable, false);
  assert.equal(cuped([]).testable, false);
  assert.throws(() => cuped([{ outcome: Number.NaN, covariate: 1 }]), RangeError);
});
