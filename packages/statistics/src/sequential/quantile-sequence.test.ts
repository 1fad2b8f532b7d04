import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { quantileRanks as known } from '../golden/e-processes.ts';
import { createRandom } from '../random.ts';
import { compareQuantiles } from './quantile-comparison.ts';
import { quantileRanks } from './quantile-ranks.ts';
import { mergeQuantiles, observeQuantiles, type Quantiles, quantiles, readQuantile } from './quantile-sequence.ts';

const latencies = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 60 });

test('the order statistics are the known ones', () => {
  for (const [p, n, low, high] of known) assert.deepEqual(quantileRanks(n, p), { low, high });
});

test('few values set no bound, and those on one side first', () => {
  assert.deepEqual(quantileRanks(0, 0.5), { low: null, high: null });
  const { low, high } = quantileRanks(100, 0.99);
  assert.ok(low !== null && high === null);
  assert.equal(readQuantile([3], 0.5).testable, false);
  assert.equal(readQuantile([], 0.5).testable, false);
});

test('an array is read exactly', () => {
  const reading = readQuantile(
    Array.from({ length: 1000 }, (_, i) => 1000 - i),
    0.5,
  );
  assert.ok(reading.testable);
  assert.deepEqual([reading.estimate, reading.interval.low, reading.interval.high], [500, 449, 552]);
});

test('a record is within its accuracy of the exact reading, its interval never inside', () => {
  const random = createRandom(2);
  const values = Array.from({ length: 5000 }, () => Math.exp(4 * random.uniform()) * 20);
  const record = observeQuantiles(quantiles({ accuracy: 0.005 }), values);
  for (const p of [0.5, 0.95, 0.99]) {
    const exact = readQuantile(values, p);
    const read = readQuantile(record, p);
    assert.ok(exact.testable && read.testable);
    assert.ok(Math.abs(read.estimate / exact.estimate - 1) <= 0.005 + 1e-12);
    assert.ok(read.interval.low! <= exact.interval.low! && read.interval.low! > exact.interval.low! * 0.985);
    assert.ok(read.interval.high! >= exact.interval.high! && read.interval.high! < exact.interval.high! * 1.015);
  }
});

test('values in any portions and order make the same record, and JSON changes no bit', () => {
  fc.assert(
    fc.property(latencies, latencies, (a, b) => {
      const whole = observeQuantiles(quantiles(), [...a, ...b]);
      assert.deepStrictEqual(observeQuantiles(observeQuantiles(quantiles(), b), a), whole);
      assert.deepStrictEqual(mergeQuantiles(observeQuantiles(quantiles(), a), observeQuantiles(quantiles(), b)), whole);
      assert.deepStrictEqual(JSON.parse(JSON.stringify(whole)) as Quantiles, whole);
    }),
  );
});

test('a record of a long stream stays small', () => {
  const random = createRandom(9);
  let record = quantiles();
  for (let i = 0; i < 50; i++)
    record = observeQuantiles(
      record,
      Array.from({ length: 1000 }, () => 1 + 999 * random.uniform()),
    );
  assert.equal(record.n, 50_000);
  assert.ok(record.buckets.length < 350, String(record.buckets.length));
});

test('a canary that is slower than the margin is worse, one within it is not, and few values leave it open', () => {
  const random = createRandom(4);
  const draw = (scale: number, n = 3000) => Array.from({ length: n }, () => scale * (50 + 50 * random.uniform()));
  const verdicts = (scale: number, n?: number) =>
    compareQuantiles(draw(scale, n), observeQuantiles(quantiles(), draw(1)), { margin: 0.2 }).map((it) => it.verdict);
  assert.deepEqual(verdicts(1.6), ['worse', 'worse', 'worse']);
  assert.deepEqual(verdicts(1), ['not worse', 'not worse', 'not worse']);
  assert.deepEqual(verdicts(1.6, 2), ['undecided', 'undecided', 'undecided']);
  const [median] = compareQuantiles(draw(2), draw(1));
  assert.ok(median!.ratio.low! < 2 && median!.ratio.high! > 2);
});

test('the true quantile is ever outside, over looks at every tenth of 2000 values, in at most alpha of the runs', () => {
  const random = createRandom(6);
  const runs = 300;
  for (const p of [0.5, 0.95]) {
    const ranks = Array.from({ length: 200 }, (_, look) => quantileRanks(10 * (look + 1), p));
    let misses = 0;
    for (let run = 0; run < runs; run++) {
      let below = 0;
      const isOutside = ranks.some(({ low, high }) => {
        for (let i = 0; i < 10; i++) if (random.uniform() <= p) below++;
        return below < (low ?? 0) || below >= (high ?? Infinity);
      });
      if (isOutside) misses++;
    }
    assert.ok(misses / runs <= 0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs), `${p}: ${misses}`);
  }
});

test('it refuses values and levels that are none', () => {
  assert.throws(() => readQuantile([1, Number.NaN], 0.5), RangeError);
  assert.throws(() => readQuantile([1, 2], 1), RangeError);
  assert.throws(() => observeQuantiles(quantiles(), [-1]), RangeError);
  assert.throws(() => mergeQuantiles(quantiles({ accuracy: 0.1 }), quantiles()), RangeError);
  assert.throws(() => compareQuantiles([1], [1], { margin: -1 }), RangeError);
});
