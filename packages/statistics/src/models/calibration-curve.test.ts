import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '../random.ts';
import { brierDecomposition, calibrationCurve, expectedCalibrationError } from './calibration-curve.ts';

const near = (actual: number | null, expected: number, tolerance = 1e-12): void =>
  assert.ok(actual !== null && Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

const small = { probabilities: [0.1, 0.15, 0.85, 0.95, 1, 0.5], positive: [false, true, true, true, false, true] };

test('bins of equal width hold what falls into them, 1 in the last, and empty ones are left out', () => {
  const bins = calibrationCurve(small, { bins: 5 });
  assert.deepEqual(
    bins.map(({ low, high, share }) => [low, high, share.successes, share.trials]),
    [
      [0, 0.2, 1, 2],
      [0.4, 0.6, 1, 1],
      [0.8, 1, 2, 3],
    ],
  );
  near(bins[0]!.meanProbability, 0.125);
  assert.ok(bins[0]!.share.interval!.low < 0.125);
  near(expectedCalibrationError(small, { bins: 5 }).value, (2 * 0.375 + 0.5 + 3 * (2.8 / 3 - 2 / 3)) / 6);
});

test('bins of equal mass hold equally many rows, and never part equal probabilities', () => {
  const bins = calibrationCurve(small, { bins: 3, spacing: 'mass' });
  assert.deepEqual(
    bins.map(({ low, high, share }) => [low, high, share.trials]),
    [
      [0.1, 0.15, 2],
      [0.5, 0.85, 2],
      [0.95, 1, 2],
    ],
  );
  const equal = { probabilities: [0.3, 0.3, 0.3, 0.3, 0.9], positive: [true, false, false, true, true] };
  assert.deepEqual(
    calibrationCurve(equal, { bins: 5, spacing: 'mass' }).map(({ share }) => share.trials),
    [4, 1],
  );
});

test('of calibrated probabilities the error is chance alone, which debiasing takes most of away', () => {
  const random = createRandom(6);
  let [plain, debiased] = [0, 0];
  for (let run = 0; run < 100; run++) {
    const probabilities = Array.from({ length: 300 }, () => random.uniform());
    const positive = probabilities.map((p) => random.uniform() < p);
    plain += expectedCalibrationError({ probabilities, positive }).value! / 100;
    debiased += expectedCalibrationError({ probabilities, positive }, { debiased: true }).value! / 100;
  }
  assert.ok(plain > 0.04 && debiased < 0.7 * plain, `${plain} and ${debiased}`);
});

test('a real error stays when debiased', () => {
  const random = createRandom(7);
  const probabilities = Array.from({ length: 4000 }, () => 0.2 + 0.6 * random.uniform());
  const positive = probabilities.map((p) => random.uniform() < p - 0.15);
  near(expectedCalibrationError({ probabilities, positive }, { debiased: true }).value, 0.15, 0.03);
});

const rows = fc.array(fc.record({ p: fc.double({ min: 0, max: 1, noNaN: true }), yes: fc.boolean() }), { minLength: 1, maxLength: 40 });

test('the parts make up the score, and errors lie within 0 and 1', () => {
  fc.assert(
    fc.property(rows, fc.constantFrom('width' as const, 'mass' as const), (drawn, spacing) => {
      const forecast = { probabilities: drawn.map(({ p }) => p), positive: drawn.map(({ yes }) => yes) };
      const { score, reliability, resolution, uncertainty, withinBins } = brierDecomposition(forecast, { spacing })!;
      near(score, reliability - resolution + uncertainty + withinBins);
      assert.ok(resolution <= uncertainty + 1e-12 && reliability >= 0);
      for (const debiased of [false, true]) {
        const { value } = expectedCalibrationError(forecast, { spacing, debiased });
        assert.ok(value! >= 0 && value! <= 1);
      }
    }),
  );
});

test('where each bin holds one probability nothing is left over', () => {
  const forecast = { probabilities: [0.25, 0.25, 0.75, 0.75], positive: [false, true, true, true] };
  const parts = brierDecomposition(forecast)!;
  near(parts.reliability, 0.0625);
  near(parts.resolution, 0.0625);
  near(parts.uncertainty, 0.1875);
  near(parts.withinBins, 0);
});

test('no rows give nothing, and what is no probability or number of bins is refused', () => {
  const none = { probabilities: [], positive: [] };
  assert.deepEqual(calibrationCurve(none), []);
  assert.equal(brierDecomposition(none), null);
  assert.equal(expectedCalibrationError(none).why, 'there are no rows');
  assert.throws(() => calibrationCurve({ probabilities: [1.1], positive: [true] }), RangeError);
  assert.throws(() => calibrationCurve({ probabilities: [NaN], positive: [true] }), RangeError);
  assert.throws(() => calibrationCurve({ probabilities: [0.5], positive: [] }), RangeError);
  for (const bins of [0, 1.5, 1001]) assert.throws(() => calibrationCurve(small, { bins }), RangeError);
});
