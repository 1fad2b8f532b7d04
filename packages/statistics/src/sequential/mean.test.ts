import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { asymptoticRadii, asymptoticRho2, msprtRows } from '../golden/e-processes.ts';
import { createRandom } from '../random.ts';
import { logMsprt, type MeanDifference, meanDifference, observeMeanDifference, readMeanDifference } from './mean-difference.ts';
import { asymptoticRadius, type MeanSequence, meanSequence, mixtureRho2, observeMean, readMean } from './mean-sequence.ts';

const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) <= 1e-9 * Math.abs(expected), `${actual} is not ${expected}`);
const normals = (seed: number): (() => number) => {
  const random = createRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
};
const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 80 });

test('the radius and its tuning are the known ones', () => {
  near(mixtureRho2(0.05, 1000), asymptoticRho2);
  for (const [n, radius] of asymptoticRadii) near(asymptoticRadius(n), radius);
});

test('the mixture ratio is the known one', () => {
  for (const [n, difference, variance, tau2, ratio] of msprtRows) near(Math.exp(logMsprt(difference, (2 * variance) / n, tau2)), ratio);
});

test('the process of two means reads its moments, and excludes 0 exactly when the evidence is large enough', () => {
  const normal = normals(1);
  let state = meanDifference({ tau2: 0.01 });
  for (let i = 0; i < 4000; i++) state = observeMeanDifference(state, { canary: i % 2 === 0, value: normal() + (i % 2 === 0 ? 0.15 : 0) });
  const reading = readMeanDifference(state);
  assert.ok(reading.testable);
  assert.ok(Math.abs(reading.difference - 0.15) < 0.1);
  assert.equal(reading.interval.low > 0, reading.logE > Math.log(20));
  const at = readMeanDifference(state, 1 - Math.exp(-reading.logE));
  assert.ok(at.testable && Math.abs(at.interval.low) < 1e-9);
});

test('what is too small or does not vary is not testable, and is no evidence', () => {
  let state = meanDifference({ tau2: 1 });
  assert.equal(state.logE, 0);
  for (let i = 0; i < 100; i++) state = observeMeanDifference(state, { canary: i % 2 === 0, value: i % 2 });
  const reading = readMeanDifference(state);
  assert.ok(!reading.testable && reading.why === 'the values do not vary');
  assert.equal(state.maxLogE, 0);
  const short = readMean([1, 2, 3].reduce(observeMean, meanSequence()));
  assert.ok(!short.testable && short.why === 'the sequence begins at 30 values');
  assert.equal(readMean(Array.from({ length: 40 }, () => 2).reduce(observeMean, meanSequence())).testable, false);
});

test('states stored as JSON go on with the same bits', () => {
  fc.assert(
    fc.property(values, fc.nat(80), (xs, at) => {
      const start = meanSequence({ nullMean: 0, minSize: 2 });
      const stored = JSON.parse(JSON.stringify(xs.slice(0, at).reduce(observeMean, start))) as MeanSequence;
      assert.deepStrictEqual(xs.slice(at).reduce(observeMean, stored), xs.reduce(observeMean, start));
      const two = xs.map((value, i) => ({ canary: i % 3 === 0, value }));
      const state = two.reduce(observeMeanDifference, meanDifference({ tau2: 1, minSize: 2 }));
      assert.deepStrictEqual(JSON.parse(JSON.stringify(state)) as MeanDifference, state);
    }),
  );
});

test('values of any size leave numbers only', () => {
  const any = fc.array(fc.double({ min: -1e150, max: 1e150, noNaN: true }), { minLength: 2, maxLength: 20 });
  fc.assert(
    fc.property(any, fc.constantFrom(1e-300, 1e-9, 1, 1e200), (xs, tau2) => {
      const one = xs.reduce(observeMean, meanSequence({ nullMean: -1e150, minSize: 2 }));
      const two = xs
        .map((value, i) => ({ canary: i % 2 === 0, value }))
        .reduce(observeMeanDifference, meanDifference({ tau2, minSize: 2 }));
      for (const state of [one, two]) assert.deepStrictEqual(JSON.parse(JSON.stringify(state)), state);
      const reading = readMeanDifference(two);
      if (reading.testable) assert.ok(reading.interval.low <= reading.difference && reading.difference <= reading.interval.high);
    }),
  );
});

test('the null mean leaves the interval when its evidence reaches 1/alpha', () => {
  const normal = normals(2);
  let state = meanSequence({ nullMean: 0 });
  for (let n = 1; n <= 1500; n++) {
    state = observeMean(state, normal() + 0.12);
    const reading = readMean(state);
    if (reading.testable) assert.equal(reading.interval.low > 0 || reading.interval.high < 0, reading.logE! > Math.log(20));
  }
  assert.ok(state.maxLogE > Math.log(20));
});

test('normal data with no effect, looked at after every value, cross in at most alpha of the runs', () => {
  const normal = normals(3);
  const runs = 150;
  let ones = 0;
  let twos = 0;
  for (let run = 0; run < runs; run++) {
    let one = meanSequence({ nullMean: 0 });
    let two = meanDifference({ tau2: 0.01 });
    for (let i = 0; i < 1500; i++) {
      one = observeMean(one, normal());
      two = observeMeanDifference(two, { canary: i % 2 === 0, value: normal() });
    }
    if (one.maxLogE >= Math.log(20)) ones++;
    if (two.maxLogE >= Math.log(20)) twos++;
  }
  const bound = runs * (0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
  assert.ok(ones <= bound && twos <= bound, `${ones}, ${twos} of ${runs}`);
});

test('they refuse what has no meaning', () => {
  assert.throws(() => meanDifference({ tau2: 0 }), RangeError);
  assert.throws(() => meanSequence({ tunedFor: 0 }), RangeError);
  assert.throws(() => observeMean(meanSequence(), Number.NaN), RangeError);
  assert.throws(() => logMsprt(1, 0, 1), RangeError);
  assert.throws(() => asymptoticRadius(0), RangeError);
});
