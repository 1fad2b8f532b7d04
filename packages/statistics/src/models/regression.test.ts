import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '../random.ts';
import { pinballLoss, regressionMetrics } from './regression.ts';

const near = (actual: number | null | undefined, expected: number, tolerance = 1e-12): void =>
  assert.ok(typeof actual === 'number' && Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
const actual = [3, -0.5, 2, 7, 4.2, 1.1];
const predicted = [2.5, 0, 2, 8, 4, 2.1];

test('metrics are those of scikit-learn 1.9', () => {
  const metrics = regressionMetrics({ actual, predicted });
  near(metrics.mae.value, 0.5333333333333333);
  near(metrics.rmse.value, 0.6506407098647712);
  near(metrics.r2.value, 0.9254257193188491);
  near(metrics.mape.value, 0.3777056277056277);
  near(metrics.smape.value, 0.4981553338260655);
  near(metrics.medianAbsoluteError.value, 0.5);
  near(pinballLoss({ actual, predicted }, 0.9).value, 0.1466666666666667);
});

test('the interval of a mean is that of Student', () => {
  const { mae } = regressionMetrics({ actual, predicted });
  near(mae.interval?.low, 0.10490302739394752, 1e-9);
  near(mae.interval?.high, 0.9617636392727191, 1e-9);
});

test('intervals hold the true values about as often as they say', () => {
  const random = createRandom(12);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  const truth = { bias: 0, mae: Math.sqrt(2 / Math.PI), rmse: 1, medianAbsoluteError: 0.6744897501960817, r2: 0.8 };
  const held = { bias: 0, mae: 0, rmse: 0, medianAbsoluteError: 0, r2: 0 };
  const runs = 300;
  for (let run = 0; run < runs; run++) {
    const said = Float64Array.from({ length: 150 }, () => 2 * normal());
    const metrics = regressionMetrics({ actual: said.map((x) => x + normal()), predicted: said });
    for (const name of Object.keys(truth) as (keyof typeof truth)[]) {
      const { low, high } = metrics[name].interval!;
      if (low <= truth[name] && truth[name] <= high) held[name]++;
    }
  }
  for (const [name, count] of Object.entries(held)) assert.ok(count / runs > 0.9 && count / runs < 0.99, `${name}: ${count / runs}`);
});

test('what has no meaning has no value, and says why', () => {
  const none = regressionMetrics({ actual: [], predicted: [] });
  for (const metric of ['mae', 'rmse', 'r2', 'mape', 'medianAbsoluteError'] as const)
    assert.ok(none[metric].value === null && none[metric].why);
  const constant = regressionMetrics({ actual: [0, 0, 0], predicted: [1, 2, 3] });
  assert.equal(constant.r2.why, 'all actual values are equal');
  assert.equal(constant.mape.why, 'every actual value is 0');
  assert.equal(constant.medianAbsoluteError.why, 'there are too few rows for this confidence');
  assert.equal(regressionMetrics({ actual: [1], predicted: [2] }).mae.why, 'an interval needs two rows or more');
});

const value = fc.double({ min: -1e100, max: 1e100, noNaN: true });

test('whatever the values, results are finite and in order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 30 }), (rows) => {
      const { rows: n, ...metrics } = regressionMetrics({ actual: rows.map(([a]) => a), predicted: rows.map(([, p]) => p) });
      assert.equal(n, rows.length);
      for (const [name, { value: found, interval, why }] of Object.entries(metrics)) {
        if (found === null || interval === null) assert.ok(why, name);
        if (found !== null) assert.ok(Number.isFinite(found), name);
        if (interval) {
          assert.ok(
            Number.isFinite(interval.low) && Number.isFinite(interval.high) && interval.low <= found! && found! <= interval.high,
            name,
          );
        }
      }
      assert.ok(metrics.rmse.value! >= metrics.mae.value! * (1 - 1e-9) - 1e-150);
      if (metrics.r2.value !== null) assert.ok(metrics.r2.value <= 1);
      assert.ok(metrics.smape.value! <= 2);
    }),
  );
});

test('rows that do not fit are refused', () => {
  assert.throws(() => regressionMetrics({ actual: [1], predicted: [] }), RangeError);
  for (const odd of [NaN, Infinity, 1e101]) assert.throws(() => regressionMetrics({ actual: [odd], predicted: [1] }), RangeError);
  for (const quantile of [0, 1, NaN]) assert.throws(() => pinballLoss({ actual, predicted }, quantile), RangeError);
  assert.throws(() => regressionMetrics({ actual, predicted }, 95), RangeError);
});
