import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { wilson } from '../proportion.ts';
import { clopperPearson } from './clopper-pearson.ts';

const near = (actual: number | undefined, expected: number): void =>
  assert.ok(Math.abs(actual! - expected) < 1e-11, `${actual} is not ${expected}`);

// statsmodels 0.14, proportion_confint(method='beta').
for (const [successes, n, confidence, low, high] of [
  [0, 20, 0.95, 0, 0.16843347098308534],
  [20, 20, 0.95, 0.8315665290169146, 1],
  [8, 10, 0.95, 0.4439045376923585, 0.9747892736731666],
  [81, 263, 0.95, 0.25273674558527126, 0.3676219226013514],
  [1, 3, 0.99, 0.0016694521863086672, 0.9585998492839569],
  [500, 100_000, 0.95, 0.0045722441500705875, 0.005456841177010281],
] as const) {
  test(`the exact interval of ${successes} in ${n} is that of statsmodels`, () => {
    const interval = clopperPearson(successes, n, confidence);
    near(interval?.low, low);
    near(interval?.high, high);
  });
}

test('it mirrors, holds the share, and between the ends is not narrower than that of Wilson', () => {
  const counts = fc.integer({ min: 1, max: 3000 }).chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
  fc.assert(
    fc.property(counts, ([successes, n]) => {
      const { low, high } = clopperPearson(successes, n)!;
      const mirrored = clopperPearson(n - successes, n)!;
      assert.ok(0 <= low && low <= successes / n && successes / n <= high && high <= 1);
      near(mirrored.low, 1 - high);
      const score = wilson(successes, n)!;
      if (successes > 0 && successes < n) assert.ok(high - low >= score.high - score.low);
    }),
  );
});

test('no trials have none, and impossible counts are refused', () => {
  assert.equal(clopperPearson(0, 0), null);
  assert.throws(() => clopperPearson(2, 1), RangeError);
  assert.throws(() => clopperPearson(1, 2, 95), RangeError);
});
