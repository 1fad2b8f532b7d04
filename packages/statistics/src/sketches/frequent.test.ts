import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '../random.ts';
import { createFrequentSketch, type FrequentSketch, frequentSketchFrom } from './frequent.ts';

const sketchOf = (values: Iterable<string>, size = 4): FrequentSketch => {
  const sketch = createFrequentSketch({ size });
  sketch.addAll(values);
  return sketch;
};
const countOf = (values: readonly string[], value: string): number => values.filter((other) => other === value).length;

/** What the sketch promises about the values it was given. */
const holds = (sketch: FrequentSketch, values: readonly string[], size: number): void => {
  const items = sketch.items();
  assert.equal(sketch.total(), values.length);
  assert.ok(sketch.error() <= values.length / (size + 1));
  for (const { value, low, high } of items) {
    const truth = countOf(values, value);
    assert.ok(low <= truth && truth <= high, `${value}: ${truth} is not from ${low} to ${high}`);
  }
  for (const value of new Set(values)) {
    if (!items.some((item) => item.value === value)) assert.ok(countOf(values, value) <= sketch.error());
  }
};

const stream = fc.array(
  fc.oneof({ weight: 2, arbitrary: fc.constantFrom('a', 'b', 'c') }, { weight: 3, arbitrary: fc.integer({ min: 0, max: 40 }).map(String) }),
  { maxLength: 200 },
);

test('true counts lie within the bounds, and what is missing is rarer than the error', () => {
  fc.assert(fc.property(stream, (values) => holds(sketchOf(values), values, 4)));
});

test('merged parts keep the bounds of the whole, in any order and grouping', () => {
  fc.assert(
    fc.property(stream, stream, stream, (one, two, three) => {
      const [a, b, c] = [sketchOf(one), sketchOf(two), sketchOf(three)];
      const whole = [...one, ...two, ...three];
      for (const merged of [a.mergedWith(b).mergedWith(c), a.mergedWith(b.mergedWith(c)), c.mergedWith(b).mergedWith(a)])
        holds(merged, whole, 4);
      assert.deepEqual(a.mergedWith(b).toJSON(), b.mergedWith(a).toJSON());
      holds(a, one, 4);
    }),
  );
});

test('it is exact while there are at most twice as many values as its size', () => {
  const sketch = sketchOf(['b', 'a', 'c', 'a', 'd', 'e', 'f', 'g', 'h', 'a']);
  assert.equal(sketch.error(), 0);
  assert.deepEqual(sketch.items(2), [
    { value: 'a', low: 3, high: 3 },
    { value: 'b', low: 1, high: 1 },
  ]);
});

test('heavy values stand out of a long tail', () => {
  const random = createRandom(1);
  const values = Array.from({ length: 50_000 }, () => (random.uniform() < 0.1 ? 'heavy' : `v${random.integer(20_000)}`));
  const sketch = sketchOf(values, 64);
  assert.equal(sketch.items(1)[0]?.value, 'heavy');
  assert.ok(sketch.error() <= 50_000 / 65);
});

test('both forms give the sketch back, whatever the texts', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (values) => {
      const sketch = sketchOf(['\ufeffmark', '\ud800', ...values]);
      assert.deepEqual(frequentSketchFrom(JSON.parse(JSON.stringify(sketch))).toJSON(), sketch.toJSON());
      assert.deepEqual(frequentSketchFrom(sketch.toBytes()).toJSON(), sketch.toJSON());
    }),
  );
});

test('what cannot be added, merged or read is refused', () => {
  for (const count of [0, -1, 1.5, NaN]) assert.throws(() => createFrequentSketch().add('a', count), RangeError);
  for (const size of [0, 1.5, 2 ** 21]) assert.throws(() => createFrequentSketch({ size }), RangeError);
  assert.throws(() => createFrequentSketch({ size: 3 }).mergedWith(createFrequentSketch()), RangeError);
  const form = sketchOf(['a', 'b']).toJSON();
  for (const changed of [
    { ...form, total: 1 },
    { ...form, taken: 1 },
    { ...form, counts: [['a', 0] as const] },
  ])
    assert.throws(() => frequentSketchFrom(changed), RangeError);
});
