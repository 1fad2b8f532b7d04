import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createDistinctSketch, type DistinctSketch, distinctErrorOf, distinctSketchFrom } from './distinct.ts';

const sketchOf = (values: Iterable<string | number>, precision = 12): DistinctSketch => {
  const sketch = createDistinctSketch({ precision });
  sketch.addAll(values);
  return sketch;
};
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

test('few different values are counted exactly', () => {
  const estimate = sketchOf(['a', 'b', 'a', 'c', 1, '1', 0, -0, '']).estimate();
  assert.deepEqual(estimate, { value: 7, interval: { low: 7, high: 7, confidence: 0.95 }, method: 'exact count', sizes: [] });
  assert.equal(sketchOf(range(0, 512)).estimate().value, 512);
  assert.equal(createDistinctSketch().estimate().value, 0);
});

for (const [name, valueAt] of [
  ['numbers', (i: number) => i],
  ['texts', (i: number) => `customer-${i}`],
] as const) {
  test(`the error over many sketches of ${name} is the stated one, from small counts to large`, () => {
    const precision = 8;
    for (const n of [40, 100, 300, 1000, 10_000]) {
      const runs = 60;
      const errors = range(0, runs).map(
        (run) => sketchOf(range(run * n, (run + 1) * n).map<string | number>(valueAt), precision).estimate().value! / n - 1,
      );
      const deviation = Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / runs);
      const bias = errors.reduce((sum, e) => sum + e, 0) / runs;
      assert.ok(deviation < 1.35 * distinctErrorOf(precision), `${n}: ${deviation}`);
      assert.ok(Math.abs(bias) < (3.5 * distinctErrorOf(precision)) / Math.sqrt(runs), `${n}: ${bias}`);
    }
  });
}

test('the default holds 200 000 within three standard errors, in 4 kB', () => {
  const sketch = sketchOf(range(0, 200_000));
  assert.ok(Math.abs(sketch.estimate().value! / 200_000 - 1) < 3 * distinctErrorOf(12));
  assert.equal(sketch.relativeError(), distinctErrorOf(12));
  assert.ok(sketch.toBytes().length <= 4100);
});

const lots = fc.array(fc.array(fc.oneof(fc.string(), fc.integer()), { maxLength: 60 }), { minLength: 3, maxLength: 3 });

test('merged parts are exactly the sketch of the whole, in any order and grouping', () => {
  fc.assert(
    fc.property(lots, (parts) => {
      const whole = sketchOf(parts.flat(), 6).toJSON();
      const [a, b, c] = parts.map((values) => sketchOf(values, 6)) as [DistinctSketch, DistinctSketch, DistinctSketch];
      assert.deepEqual(a.mergedWith(b).mergedWith(c).toJSON(), whole);
      assert.deepEqual(a.mergedWith(b.mergedWith(c)).toJSON(), whole);
      assert.deepEqual(c.mergedWith(a).mergedWith(b).toJSON(), whole);
      assert.deepEqual(a.mergedWith(a).toJSON(), a.toJSON());
    }),
  );
});

test('both forms give the sketch back', () => {
  for (const n of [0, 5, 5000]) {
    const sketch = sketchOf(range(0, n));
    assert.deepEqual(distinctSketchFrom(JSON.parse(JSON.stringify(sketch))).toJSON(), sketch.toJSON());
    assert.deepEqual(distinctSketchFrom(sketch.toBytes()).toJSON(), sketch.toJSON());
  }
});

test('what cannot be counted, merged or read is refused', () => {
  assert.throws(() => createDistinctSketch().add(NaN), RangeError);
  for (const precision of [3, 19, 8.5]) assert.throws(() => createDistinctSketch({ precision }), RangeError);
  assert.throws(() => createDistinctSketch({ precision: 8 }).mergedWith(createDistinctSketch()), RangeError);
  assert.throws(() => createDistinctSketch().estimate(95), RangeError);
  const form = sketchOf(range(0, 5000)).toJSON();
  for (const changed of [
    { ...form, registers: 'AB' },
    { ...form, registers: null },
    { ...form, registers: form.registers!.replace(/^./, '_') },
    { ...form, precision: 40 },
  ])
    assert.throws(() => distinctSketchFrom(changed), RangeError);
  assert.throws(() => distinctSketchFrom(sketchOf(['a']).toBytes().slice(0, 4)), RangeError);
});
