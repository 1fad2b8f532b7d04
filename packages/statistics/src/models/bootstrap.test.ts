import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../random.ts';
import { bootstrap, pairedBootstrap, type Statistic } from './bootstrap.ts';

const near = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
const meanOf =
  (values: ArrayLike<number>): Statistic =>
  (rows) => {
    let sum = 0;
    for (const row of rows) sum += values[row]!;
    return sum / rows.length;
  };

const sample = [1.2, 3.4, 0.7, 9.8, 2.2, 4.1, 1.9, 0.3, 6.5, 2.7, 5.5, 1.1];

test('intervals of a mean are those of SciPy 1.17 with 200 000 replicates, but for chance', () => {
  const options = { rows: 12, replicates: 20_000, seed: 1 };
  const percentile = bootstrap(meanOf(sample), { ...options, method: 'percentile' }).interval!;
  near(percentile.low, 1.9, 0.05);
  near(percentile.high, 4.9167, 0.08);
  const bca = bootstrap(meanOf(sample), options).interval!;
  near(bca.low, 2.0667, 0.05);
  near(bca.high, 5.2333, 0.1);
});

test('a seed repeats the interval, another seed changes it', () => {
  const [a, b, c] = [1, 1, 2].map((seed) => bootstrap(meanOf(sample), { rows: 12, replicates: 500, seed }));
  assert.deepEqual(a, b);
  assert.notDeepEqual(a!.interval, c!.interval);
});

for (const [method, least] of [
  ['bca', 0.89],
  ['percentile', 0.87],
] as const) {
  test(`the ${method} interval of a skewed sample's mean holds the true one nearly as often as it says`, () => {
    const random = createRandom(9);
    let held = 0;
    for (let run = 0; run < 200; run++) {
      const values = Float64Array.from({ length: 40 }, () => -Math.log(1 - random.uniform()));
      const { low, high } = bootstrap(meanOf(values), { rows: 40, replicates: 400, seed: run, method }).interval!;
      if (low <= 1 && 1 <= high) held++;
    }
    assert.ok(held / 200 >= least && held / 200 <= 0.99, `${held / 200}`);
  });
}

test('strata keep their sizes in every replicate', () => {
  const strata = sample.map((_, i) => (i < 3 ? 'rare' : 'common'));
  let whole = true;
  bootstrap(
    (rows) => {
      const rare = rows.filter((row) => row < 3).length;
      if (rows.length === 12) whole &&= rare === 3;
      return rare;
    },
    { rows: 12, strata, replicates: 200 },
  );
  assert.ok(whole);
  assert.throws(() => bootstrap(meanOf(sample), { rows: 12, strata: ['a'] }), RangeError);
});

test('two models on the same rows are compared much more closely than apart', () => {
  const random = createRandom(4);
  const hardness = Array.from({ length: 300 }, () => 5 * random.uniform());
  const first = hardness.map((h) => h + 0.1 * random.uniform());
  const second = hardness.map((h) => h + 0.05 + 0.1 * random.uniform());
  const compared = pairedBootstrap({ first: meanOf(first), second: meanOf(second) }, { rows: 300, replicates: 1000 });
  const { low, high } = compared.difference.interval!;
  assert.ok(low < -0.05 && -0.05 < high && high < 0, `${low} to ${high}`);
  near(compared.difference.value!, compared.first! - compared.second!, 1e-12);
});

test('where the statistic has no value there is no interval, and why', () => {
  assert.equal(bootstrap(() => 1, { rows: 0 }).why, 'there are no rows');
  assert.equal(bootstrap(() => null, { rows: 3 }).value, null);
  const rare = bootstrap((rows) => (rows.includes(0) ? 1 : null), { rows: 5, replicates: 300 });
  assert.ok(rare.value === 1 && rare.interval === null && rare.why?.includes('replicates'));
  assert.deepEqual(bootstrap(() => 2, { rows: 5, replicates: 200 }).interval, { low: 2, high: 2, confidence: 0.95 });
  assert.equal(pairedBootstrap({ first: () => 1, second: () => 1 }, { rows: 0 }).first, null);
});

test('wrong sizes are refused', () => {
  for (const options of [{ rows: -1 }, { rows: 1.5 }, { rows: 3, replicates: 10 }, { rows: 3, confidence: 95 }])
    assert.throws(() => bootstrap(() => 1, options), RangeError);
});
