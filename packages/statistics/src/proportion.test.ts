import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { normalQuantile } from './normal-quantile.ts';
import { proportion, wilson } from './proportion.ts';

const near = (actual: number | undefined, expected: number, tolerance = 1e-12): void =>
  assert.ok(Math.abs(actual! - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${actual} is not ${expected}`);

test('normal quantiles have the values of the tables', () => {
  near(normalQuantile(0.975), 1.959963984540054);
  near(normalQuantile(0.999), 3.090232306167813);
  near(normalQuantile(1e-300), -37.0470962993612);
  near(normalQuantile(0.25), -0.6744897501960817);
  assert.equal(normalQuantile(0.5), 0);
  for (const p of [0, 1, -1, NaN]) assert.throws(() => normalQuantile(p), RangeError);
});

// Newcombe 1998, table I, method 3; in full precision by statsmodels 0.14.
const published = [
  { successes: 81, n: 263, low: 0.2552885198782742, high: 0.36620957698280004 },
  { successes: 15, n: 148, low: 0.06238639953073628, high: 0.16048724172330803 },
  { successes: 0, n: 20, low: 0, high: 0.1611251580528194 },
  { successes: 20, n: 20, low: 0.8388748419471804, high: 1 },
  { successes: 8, n: 10, low: 0.49016247153664183, high: 0.9433178485456247 },
];
for (const { successes, n, low, high } of published) {
  test(`Wilson's interval for ${successes} of ${n} is the published one`, () => {
    const interval = wilson(successes, n);
    near(interval?.low, low);
    near(interval?.high, high);
  });
}

test('a higher confidence makes a wider interval', () => {
  near(wilson(1, 3, 0.99)?.low, 0.04042662929608465);
  near(wilson(1, 3, 0.99)?.high, 0.855783984952333);
});

test('no trial gives no value and no interval', () => {
  assert.deepEqual(proportion(0, 0), { successes: 0, trials: 0, value: null, interval: null });
});

test('counts that cannot be are refused', () => {
  for (const [successes, n] of [
    [2, 1],
    [-1, 5],
    [0.5, 2],
    [1, NaN],
    [1, Infinity],
  ] as const)
    assert.throws(() => wilson(successes, n), RangeError);
  for (const confidence of [0, 1, 95, NaN]) assert.throws(() => wilson(1, 2, confidence), RangeError);
});

const counts = fc
  .integer({ min: 1, max: 100_000 })
  .chain((n) => fc.record({ n: fc.constant(n), successes: fc.integer({ min: 0, max: n }) }));

test('the interval holds the share, stays within 0 and 1, and mirrors when successes and failures change places', () => {
  fc.assert(
    fc.property(counts, ({ successes, n }) => {
      const { low, high } = wilson(successes, n)!;
      const mirrored = wilson(n - successes, n)!;
      assert.ok(low >= 0 && low <= successes / n && successes / n <= high && high <= 1);
      near(mirrored.low, 1 - high);
      near(mirrored.high, 1 - low);
    }),
  );
});

test('at either end the score test is just significant: that is how the interval is defined', () => {
  fc.assert(
    fc.property(counts, ({ successes, n }) => {
      const interval = wilson(successes, n)!;
      for (const p of [interval.low, interval.high]) {
        if (p > 1e-6 && p < 1 - 1e-6) near(Math.abs(successes / n - p) / Math.sqrt((p * (1 - p)) / n), normalQuantile(0.975), 1e-6);
      }
    }),
  );
});
