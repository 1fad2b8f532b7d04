import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { normalQuantile } from '../normal-quantile.ts';
import { chiSquareQuantile, chiSquareSurvival, noncentralChiSquareSurvival } from './chi-square.ts';
import { erf, erfc } from './error-function.ts';
import { fisherFSurvival } from './fisher-f.ts';
import { incompleteBeta } from './incomplete-beta.ts';
import { incompleteGamma } from './incomplete-gamma.ts';
import { kolmogorovQuantile, kolmogorovSurvival } from './kolmogorov.ts';
import { normalCdf, normalTwoSided } from './normal.ts';
import { studentTQuantile, studentTSurvival, studentTTwoSided } from './student-t.ts';

const near = (actual: number, expected: number, tolerance = 1e-12): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.abs(expected), `${actual} is not ${expected}`);

// The expected numbers of this file were computed with 40 digits.
test('the incomplete gamma functions keep 12 digits in both tails', () => {
  for (const [a, x, lower, upper] of [
    [0.5, 0.1, 0.345279153981423, 0.654720846018577],
    [0.5, 700, 1, 2.1010145162642176e-306],
    [2.5, 1, 0.15085496391539036, 0.8491450360846097],
    [2.5, 60, 1, 3.138579772755296e-24],
    [50, 20, 1.245892607971938e-8, 0.9999999875410739],
    [50, 140, 1, 5.748403743351747e-19],
    [1000, 900, 0.0005499022657117829, 0.9994500977342882],
    [1000, 1500, 1, 2.204698611388996e-43],
    [1e5, 101_000, 0.9991915784870744, 0.0008084215129255907],
    [1e5, 98_500, 9.382554994077996e-7, 0.9999990617445006],
  ] as const) {
    near(incompleteGamma(a, x).lower, lower);
    near(incompleteGamma(a, x).upper, upper);
  }
});

test('the incomplete beta function keeps 12 digits in both tails', () => {
  for (const [a, b, x, lower, upper] of [
    [0.5, 0.5, 0.3, 0.36901011956554536, 0.6309898804344546],
    [0.5, 0.5, 1e-12, 6.366197723676875e-7, 0.9999993633802277],
    [5, 0.5, 0.01, 2.4712578086395448e-11, 0.9999999999752874],
    [49, 0.5, 0.2, 5.0473655110048376e-36, 1],
    [499, 0.5, 0.25, 1.088065526484228e-302, 1],
    [2, 3, 0.9, 0.9963, 0.0037],
    [200, 300, 0.3, 0.0000010496985243292947, 0.9999989503014757],
    [200, 300, 0.55, 0.9999999999913889, 8.61115991210735e-12],
    [1.5, 1000, 0.1, 1, 1.981831323090886e-45],
  ] as const) {
    near(incompleteBeta({ a, b, x }).lower, lower);
    near(incompleteBeta({ a, b, x }).upper, upper);
  }
});

test('the error function and the normal law keep their digits far out', () => {
  for (const [x, value, rest] of [
    [1e-3, 0.0011283787909692365, 0.9988716212090307],
    [0.5, 0.5204998778130465, 0.4795001221869535],
    [1, 0.8427007929497149, 0.15729920705028513],
    [3, 0.9999779095030014, 0.00002209049699858544],
    [10, 1, 2.088487583762545e-45],
    [25, 1, 8.300172571196523e-274],
  ] as const) {
    near(erf(x), value);
    near(erf(-x), -value);
    near(erfc(x), rest);
    near(erfc(-x), 1 + value);
  }
  near(erf(1e-200), 1.1283791670955125e-200);
  near(normalCdf(-37), 5.725571222524577e-300);
  near(normalCdf(-8), 6.220960574271784e-16);
  near(normalCdf(2), 0.9772498680518208);
  near(normalTwoSided(-1.5), 2 * 0.06680720126885807);
});

test("Kolmogorov's law has its values on both sides of the change of series", () => {
  for (const [x, tail] of [
    [0.2, 0.999999999999495],
    [0.5, 0.9639452436648751],
    [0.9, 0.39273070794065434],
    [1, 0.2699996716773545],
    [1.2, 0.11224966667072497],
    [2, 0.0006709252557796953],
    [15, 7.387766136974512e-196],
  ] as const)
    near(kolmogorovSurvival(x), tail);
  assert.equal(kolmogorovSurvival(0), 1);
  near(kolmogorovSurvival(kolmogorovQuantile(0.95)), 0.05);
  assert.throws(() => kolmogorovQuantile(1), RangeError);
});

test('non-central chi-square has its values, and loses its centre for nothing', () => {
  near(noncentralChiSquareSurvival(10, 3, 5), 0.29335135222254827);
  near(noncentralChiSquareSurvival(200, 4, 100), 0.000029534172665978777);
  near(noncentralChiSquareSurvival(4, 1, 0.5), 0.1014176177217648);
  near(noncentralChiSquareSurvival(60, 5, 10), 0.000013860807133044373);
  near(noncentralChiSquareSurvival(7, 4, 0), chiSquareSurvival(7, 4));
  // By symmetry of the two normal tails: P((Z + 300)² ≥ 300²).
  near(noncentralChiSquareSurvival(90_000, 1, 90_000), 0.5, 1e-10);
});

test('laws that are special cases of each other agree', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 30, noNaN: true }), fc.integer({ min: 1, max: 200 }), (x, df) => {
      near(chiSquareSurvival(x * x, 1), normalTwoSided(x), 1e-11);
      near(chiSquareSurvival(2 * x, 2), Math.exp(-x), 1e-11);
      near(fisherFSurvival(x * x, 1, df), studentTTwoSided(x, df), 1e-11);
      near(studentTSurvival(x, 1), Math.atan(1 / x) / Math.PI, 1e-11);
      near(studentTSurvival(x, df) + studentTSurvival(-x, df), 1);
    }),
  );
});

test('a quantile is where its law has that share', () => {
  near(chiSquareQuantile(0.95, 9), 16.918977604620448);
  near(studentTQuantile(0.975, 10), 2.228138851986274);
  near(studentTQuantile(0.025, 10), -2.228138851986274);
  near(studentTQuantile(0.9, 1e9), normalQuantile(0.9), 1e-8);
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), fc.double({ min: 0.5, max: 500, noNaN: true }), (p, df) => {
      const { lower, upper } = incompleteGamma(df / 2, chiSquareQuantile(p, df) / 2);
      near(lower, p, 1e-10);
      near(upper, 1 - p, 1e-10);
    }),
  );
});

test('what has no value is refused', () => {
  for (const refused of [
    () => incompleteGamma(0, 1),
    () => incompleteGamma(1, -1),
    () => incompleteGamma(NaN, 1),
    () => incompleteBeta({ a: 0, b: 1, x: 0.5 }),
    () => incompleteBeta({ a: 1, b: 1, x: 1.5 }),
    () => erf(NaN),
    () => erfc(NaN),
    () => kolmogorovSurvival(-1),
    () => chiSquareQuantile(1, 3),
    () => chiSquareSurvival(1, 0),
    () => noncentralChiSquareSurvival(1, 1, -1),
    () => studentTTwoSided(NaN, 3),
    () => studentTTwoSided(1, 0),
    () => studentTQuantile(0, 3),
    () => fisherFSurvival(-1, 1, 1),
    () => fisherFSurvival(1, 0, 1),
  ])
    assert.throws(refused, RangeError);
});

test('the ends of every law are 0 and 1', () => {
  assert.deepEqual(incompleteGamma(2, 0), { lower: 0, upper: 1 });
  assert.deepEqual(incompleteGamma(2, Infinity), { lower: 1, upper: 0 });
  assert.deepEqual(incompleteBeta({ a: 2, b: 3, x: 0 }), { lower: 0, upper: 1 });
  assert.deepEqual(incompleteBeta({ a: 2, b: 3, x: 1 }), { lower: 1, upper: 0 });
  assert.equal(studentTTwoSided(0, 5), 1);
  assert.equal(fisherFSurvival(0, 2, 3), 1);
});
