import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '../random.ts';
import type { Tested } from '../result.ts';
import { countDisagreement, mcnemar } from './mcnemar.ts';

const near = (actual: number, expected: number): void => assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);
const resultOf = (b: number, c: number, options: Parameters<typeof mcnemar>[1] = {}): Tested =>
  mcnemar({ rows: b + c + 80, onlyFirstWrong: b, onlySecondWrong: c }, options) as Tested;

// statsmodels 0.14, mcnemar(exact=True) and mcnemar(exact=False).
const known = [
  { b: 10, c: 25, exact: 0.016673847800120715, statistic: 5.6, corrected: 0.01796047752607879 },
  { b: 1, c: 6, exact: 0.125, statistic: 2.2857142857142856, corrected: 0.13057001811573693 },
  { b: 0, c: 1, exact: 1, statistic: 0, corrected: 1 },
];
for (const { b, c, exact, statistic, corrected } of known) {
  test(`${b} against ${c} has the p values of statsmodels`, () => {
    near(resultOf(b, c).pValue, exact);
    near(resultOf(b, c, { variant: 'corrected' }).statistic, statistic);
    near(resultOf(b, c, { variant: 'corrected' }).pValue, corrected);
  });
}

test('equal counts are no difference, none at all included', () => {
  for (const n of [0, 5]) {
    for (const variant of ['exact', 'corrected'] as const) near(resultOf(n, n, { variant }).pValue, 1);
    near(resultOf(n, n).effect!.value, 0);
  }
});

test('the effect is the difference of error rates, with the adjusted interval', () => {
  const { effect } = resultOf(10, 25);
  near(effect!.value, -15 / 115);
  near(effect!.interval!.low, -0.2259946711348494);
  near(effect!.interval!.high, -0.03041558527540701);
});

test('rows are counted where just one model was right', () => {
  assert.deepEqual(countDisagreement([true, false, false, true], [true, true, false, false]), {
    rows: 4,
    onlyFirstWrong: 1,
    onlySecondWrong: 1,
  });
  assert.throws(() => countDisagreement([true], []), RangeError);
});

test('models that err equally often are told apart at most as often as stated, and the interval holds 0', () => {
  const random = createRandom(20);
  let [rejected, held] = [0, 0];
  for (let run = 0; run < 1000; run++) {
    const counts = { rows: 100, onlyFirstWrong: 0, onlySecondWrong: 0 };
    for (let i = 0; i < 100; i++) {
      const u = random.uniform();
      if (u < 0.1) counts.onlyFirstWrong++;
      else if (u < 0.2) counts.onlySecondWrong++;
    }
    const result = mcnemar(counts) as Tested;
    if (result.pValue <= 0.05) rejected++;
    if (result.effect!.interval!.low <= 0 && 0 <= result.effect!.interval!.high) held++;
  }
  assert.ok(rejected / 1000 <= 0.05, `${rejected}`);
  assert.ok(held / 1000 >= 0.93, `${held}`);
});

test('swapping the models mirrors the effect and keeps p', () => {
  fc.assert(
    fc.property(fc.nat(5000), fc.nat(5000), (b, c) => {
      const [one, other] = [resultOf(b, c), resultOf(c, b)];
      assert.equal(one.pValue, other.pValue);
      assert.ok(one.pValue > 0 && one.pValue <= 1);
      near(one.effect!.interval!.low, -other.effect!.interval!.high);
    }),
  );
});

test('without rows it is not testable, and impossible counts are refused', () => {
  const none = mcnemar({ rows: 0, onlyFirstWrong: 0, onlySecondWrong: 0 });
  assert.ok(!none.testable && none.why === 'there are no rows');
  assert.throws(() => mcnemar({ rows: 3, onlyFirstWrong: 2, onlySecondWrong: 2 }), RangeError);
  assert.throws(() => mcnemar({ rows: 3, onlyFirstWrong: -1, onlySecondWrong: 0 }), RangeError);
  assert.throws(() => resultOf(1, 2, { confidence: 1 }), RangeError);
});
