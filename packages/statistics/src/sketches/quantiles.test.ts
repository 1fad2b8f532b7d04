import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '../random.ts';
import { createQuantileSketch, type QuantileSketch, quantileSketchFrom, rankErrorOf } from './quantiles.ts';

const sketchOf = (values: Iterable<number>, options: { size?: number; seed?: number } = {}): QuantileSketch => {
  const sketch = createQuantileSketch(options);
  sketch.addAll(values);
  return sketch;
};
const shuffled = (n: number, seed: number): Float64Array => createRandom(seed).shuffle(Float64Array.from({ length: n }, (_, i) => i));

/** The largest error of any rank, for a sketch of 0 to n - 1 in some order. */
const worstRank = (sketch: QuantileSketch, n: number): number => {
  const kept = [...new Set(sketch.toJSON().levels.flat())].sort((a, b) => a - b);
  return Math.max(
    ...kept.flatMap((value) => [
      Math.abs(sketch.rank(value).value! - (value + 1) / n),
      Math.abs(sketch.rank(value - 0.5).value! - value / n),
    ]),
  );
};

test('few values are all kept, and quantiles are exact', () => {
  const sketch = sketchOf([5, 1, 4, 2, 3]);
  assert.equal(sketch.rankError(), 0);
  assert.deepEqual(
    [0, 0.2, 0.21, 0.5, 0.6, 0.9, 1].map((share) => sketch.quantile(share).value),
    [1, 1, 2, 3, 3, 5, 5],
  );
  assert.deepEqual(
    [0.9, 1, 2.5, 5, 9].map((value) => sketch.rank(value).value),
    [0, 0.2, 0.4, 1, 1],
  );
});

test('in 99 of 100 sketches every rank stays within the stated error, in random, sorted and merged order', () => {
  const n = 4000;
  const size = 64;
  const orders: ((seed: number) => QuantileSketch)[] = [
    (seed) => sketchOf(shuffled(n, seed), { size, seed }),
    (seed) => sketchOf(shuffled(n, seed).sort(), { size, seed }),
    (seed) =>
      Array.from({ length: 20 }, (_, part) => sketchOf(shuffled(n, seed).subarray(part * 200, (part + 1) * 200), { size, seed })).reduce(
        (a, b) => a.mergedWith(b),
      ),
  ];
  for (const order of orders) {
    const outside = Array.from({ length: 50 }, (_, seed) => worstRank(order(seed), n)).filter((worst) => worst > rankErrorOf(size));
    assert.ok(outside.length <= 1, `${outside.join(', ')} above ${rankErrorOf(size)}`);
  }
});

test('a million values take less than a second and a few kilobytes', () => {
  const values = shuffled(1_000_000, 1);
  const start = performance.now();
  const sketch = sketchOf(values);
  assert.ok(performance.now() - start < 1000);
  assert.ok(sketch.toBytes().length < 16_000);
  assert.ok(worstRank(sketch, 1_000_000) < rankErrorOf(512));
  const median = sketch.quantile(0.5);
  assert.ok(median.interval!.low <= 500_000 && 500_000 <= median.interval!.high);
});

test('the ends are exact', () => {
  const sketch = sketchOf(shuffled(50_000, 2), { size: 32 });
  assert.deepEqual(sketch.quantile(0).interval, { low: 0, high: 0, confidence: 0.99 });
  assert.equal(sketch.quantile(1).value, 49_999);
  assert.equal(sketch.rank(49_999).value, 1);
  assert.equal(sketch.rank(-1).value, 0);
});

test('an empty sketch has no quantile and says why', () => {
  assert.deepEqual(createQuantileSketch().quantile(0.5), {
    value: null,
    interval: null,
    method: 'KLL sketch',
    sizes: [0],
    why: 'there are no values',
  });
  assert.equal(createQuantileSketch().rank(1).value, null);
  assert.equal(quantileSketchFrom(createQuantileSketch().toBytes()).count(), 0);
});

test('the same values and seed give the same sketch, another seed another', () => {
  const [a, b, c] = [7, 7, 8].map((seed) => sketchOf(shuffled(5000, 3), { size: 32, seed }).toJSON());
  assert.deepEqual(a, b);
  assert.notDeepEqual(a!.levels, c!.levels);
});

const lots = fc.array(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 60 }), { minLength: 2, maxLength: 4 });

test('both forms give the sketch back, which goes on as it would have', () => {
  fc.assert(
    fc.property(lots, ([first, second]) => {
      const whole = sketchOf([...first!, ...second!], { size: 16, seed: 5 });
      const start = sketchOf(first!, { size: 16, seed: 5 });
      for (const form of [JSON.parse(JSON.stringify(start)), start.toBytes()]) {
        const back = quantileSketchFrom(form);
        assert.deepEqual(back.toJSON(), start.toJSON());
        back.addAll(second!);
        assert.deepEqual(back.toJSON(), whole.toJSON());
      }
    }),
  );
});

test('merging loses no value, and it does not matter which sketch comes first', () => {
  fc.assert(
    fc.property(lots, ([a, b]) => {
      const [one, other] = [sketchOf(a!, { size: 16, seed: 1 }), sketchOf(b!, { size: 16, seed: 2 })];
      const merged = one.mergedWith(other);
      assert.equal(merged.count(), a!.length + b!.length);
      assert.deepEqual(merged.toJSON(), other.mergedWith(one).toJSON());
      assert.equal(one.count(), a!.length);
    }),
  );
});

test('merging in any grouping stays within the error of the whole', () => {
  const n = 9000;
  const values = shuffled(n, 4);
  const [a, b, c] = [0, 1, 2].map((i) => sketchOf(values.subarray(i * 3000, (i + 1) * 3000), { size: 128, seed: i })) as [
    QuantileSketch,
    QuantileSketch,
    QuantileSketch,
  ];
  for (const merged of [a.mergedWith(b).mergedWith(c), a.mergedWith(b.mergedWith(c)), c.mergedWith(a).mergedWith(b)]) {
    assert.ok(worstRank(merged, n) <= rankErrorOf(128));
  }
});

test('what is no number, size, seed or share is refused, and so is a changed form', () => {
  const sketch = sketchOf([1, 2, 3]);
  for (const value of [NaN, Infinity, -Infinity]) assert.throws(() => sketch.add(value), RangeError);
  for (const options of [{ size: 15 }, { size: 1.5 }, { seed: -1 }, { seed: 2 ** 32 }])
    assert.throws(() => createQuantileSketch(options), RangeError);
  for (const share of [-0.1, 1.1, NaN]) assert.throws(() => sketch.quantile(share), RangeError);
  assert.throws(() => sketch.rank(NaN), RangeError);
  assert.throws(() => sketch.mergedWith(createQuantileSketch({ size: 64 })), RangeError);
  assert.throws(() => quantileSketchFrom({ ...sketch.toJSON(), count: 4 }), RangeError);
  const bytes = sketch.toBytes();
  for (const changed of [bytes.slice(0, -1), Uint8Array.of(...bytes, 0), Uint8Array.of(9, ...bytes.slice(1)), new Uint8Array()])
    assert.throws(() => quantileSketchFrom(changed), RangeError);
});
