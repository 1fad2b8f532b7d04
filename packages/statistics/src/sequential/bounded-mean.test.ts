import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '../random.ts';
import { type BettingMean, bettingMean, observeBettingMean, readBettingMean } from './betting-mean.ts';
import { type EmpiricalBernstein, empiricalBernstein, observeEmpiricalBernstein, readEmpiricalBernstein } from './empirical-bernstein.ts';

const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });

/** The sequence as its theorem states it, from all values at once. */
const bernsteinOf = (xs: readonly number[], alpha: number): [number, number] => {
  const means = [0.5, ...xs.map((_, i) => (0.5 + xs.slice(0, i + 1).reduce((a, b) => a + b)) / (i + 2))];
  const variances = [
    0.25,
    ...xs.map((_, i) => (0.25 + xs.slice(0, i + 1).reduce((sum, x, j) => sum + (x - means[j + 1]!) ** 2, 0)) / (i + 2)),
  ];
  const bets = xs.map((_, i) => Math.min(0.5, Math.sqrt((2 * Math.log(2 / alpha)) / (variances[i]! * (i + 1) * Math.log(i + 2)))));
  const total = bets.reduce((a, b) => a + b);
  const centre = xs.reduce((sum, x, i) => sum + bets[i]! * x, 0) / total;
  const penalty = xs.reduce((sum, x, i) => sum + (x - means[i]!) ** 2 * (-Math.log(1 - bets[i]!) - bets[i]!), 0);
  const radius = (Math.log(2 / alpha) + penalty) / total;
  return [Math.max(0, centre - radius), Math.min(1, centre + radius)];
};

test('the empirical-Bernstein sequence, value by value, is the one its theorem states', () => {
  const random = createRandom(1);
  const xs = Array.from({ length: 300 }, () => random.uniform() ** 2);
  let state = empiricalBernstein();
  xs.forEach((x, i) => {
    state = observeEmpiricalBernstein(state, x);
    const reading = readEmpiricalBernstein(state);
    assert.ok(reading.testable);
    const [low, high] = bernsteinOf(xs.slice(0, i + 1), 0.05);
    assert.ok(Math.abs(reading.interval.low - low) < 1e-9 && Math.abs(reading.interval.high - high) < 1e-9);
  });
});

test('betting is narrower, holds the mean, and both scale with the range of the values', () => {
  const random = createRandom(2);
  const xs = Array.from({ length: 2000 }, () => 0.2 * random.uniform() + 0.2);
  const bernstein = readEmpiricalBernstein(xs.reduce(observeEmpiricalBernstein, empiricalBernstein()));
  const betting = readBettingMean(xs.reduce(observeBettingMean, bettingMean({ steps: 1000 })));
  assert.ok(bernstein.testable && betting.testable);
  const width = (it: { low: number; high: number }) => it.high - it.low;
  assert.ok(width(betting.interval) <= width(bernstein.interval), `${width(betting.interval)} ${width(bernstein.interval)}`);
  for (const { interval } of [bernstein, betting]) assert.ok(interval.low < 0.3 && interval.high > 0.3);
  const tens = readBettingMean(xs.map((x) => 10 * x - 5).reduce(observeBettingMean, bettingMean({ low: -5, high: 5, steps: 1000 })));
  assert.ok(tens.testable && Math.abs(tens.interval.low - (10 * betting.interval.low - 5)) < 1e-9);
});

test('states stored as JSON go on with the same bits, and nothing seen is no evidence', () => {
  fc.assert(
    fc.property(shares, fc.nat(30), fc.double({ min: 0, max: 1, noNaN: true }), (xs, at, nullMean) => {
      const bernstein = empiricalBernstein({ nullMean });
      const betting = bettingMean({ nullMean });
      assert.deepEqual([bernstein.logE, betting.logE], [0, 0]);
      const one = JSON.parse(JSON.stringify(xs.slice(0, at).reduce(observeEmpiricalBernstein, bernstein))) as EmpiricalBernstein;
      assert.deepStrictEqual(xs.slice(at).reduce(observeEmpiricalBernstein, one), xs.reduce(observeEmpiricalBernstein, bernstein));
      const two = JSON.parse(JSON.stringify(xs.slice(0, at).reduce(observeBettingMean, betting))) as BettingMean;
      assert.deepStrictEqual(xs.slice(at).reduce(observeBettingMean, two), xs.reduce(observeBettingMean, betting));
    }),
    { numRuns: 50 },
  );
});

test('mirrored values make mirrored intervals', () => {
  fc.assert(
    fc.property(shares, (xs) => {
      const there = readBettingMean(xs.reduce(observeBettingMean, bettingMean()));
      const back = readBettingMean(xs.map((x) => 1 - x).reduce(observeBettingMean, bettingMean()));
      assert.equal(there.testable, back.testable);
      if (!there.testable || !back.testable) return;
      // Rounding may move an end to the next point of the grid.
      assert.ok(Math.abs(there.interval.low - (1 - back.interval.high)) < 0.0051);
    }),
    { numRuns: 50 },
  );
});

test('a mean that moves far enough leaves no mean that fits', () => {
  const xs = [...Array.from({ length: 3000 }, () => 0.05), ...Array.from({ length: 3000 }, () => 0.95)];
  const reading = readBettingMean(xs.reduce(observeBettingMean, bettingMean()));
  assert.ok(reading.testable || reading.why.includes('moved'));
});

test('rare events, looked at after each value, push the true mean out in at most alpha of the runs', () => {
  const random = createRandom(8);
  const runs = 150;
  let bernsteins = 0;
  let bets = 0;
  for (let run = 0; run < runs; run++) {
    let one = empiricalBernstein({ nullMean: 0.1 });
    let two = bettingMean({ nullMean: 0.1, steps: 10 });
    for (let i = 0; i < 300; i++) {
      const x = random.uniform() < 0.1 ? 1 : 0;
      one = observeEmpiricalBernstein(one, x);
      two = observeBettingMean(two, x);
    }
    if (one.maxLogE >= Math.log(20)) bernsteins++;
    if (two.maxLogE >= Math.log(20)) bets++;
  }
  const bound = runs * (0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
  assert.ok(bernsteins <= bound && bets <= bound, `${bernsteins}, ${bets}`);
});

test('they refuse values outside the stated range', () => {
  assert.throws(() => observeBettingMean(bettingMean(), 1.01), RangeError);
  assert.throws(() => observeEmpiricalBernstein(empiricalBernstein(), Number.NaN), RangeError);
  assert.throws(() => empiricalBernstein({ low: 1, high: 1 }), RangeError);
  assert.throws(() => bettingMean({ nullMean: 2 }), RangeError);
  assert.throws(() => bettingMean({ steps: 0 }), RangeError);
});
