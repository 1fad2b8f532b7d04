import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom, xoshiro128 } from './random.ts';

test('the generator gives the published numbers of xoshiro128**', () => {
  const next = xoshiro128([1, 2, 3, 4]);
  assert.deepEqual(
    Array.from({ length: 8 }, () => next()),
    [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849],
  );
});

const first = (seed: number): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: 4 }, random.uniform);
};

test('a seed repeats its numbers, and neighbouring seeds have nothing in common', () => {
  assert.deepEqual(first(7), first(7));
  const all = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER].flatMap(first);
  assert.equal(new Set(all).size, all.length);
});

test('uniform numbers fill the unit interval evenly', () => {
  const random = createRandom(1);
  const counts = Array.from({ length: 10 }, () => 0);
  for (let i = 0; i < 100_000; i++) counts[Math.floor(random.uniform() * 10)]!++;
  const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  assert.ok(chiSquare < 27.9, `chi-square ${chiSquare} with 9 degrees of freedom: p < 0.001`);
});

test('every order of a shuffle is as likely as another', () => {
  const random = createRandom(2);
  const seen = new Map<string, number>();
  for (let i = 0; i < 24_000; i++) {
    const order = random.shuffle([1, 2, 3, 4]).join('');
    seen.set(order, (seen.get(order) ?? 0) + 1);
  }
  assert.equal(seen.size, 24);
  const chiSquare = [...seen.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  assert.ok(chiSquare < 49.7, `chi-square ${chiSquare} with 23 degrees of freedom: p < 0.001`);
});

test('whole numbers stay below their bound, and a shuffle keeps what it was given', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 2 ** 32 }), fc.array(fc.integer()), (seed, below, items) => {
      const random = createRandom(seed);
      const drawn = random.integer(below);
      assert.ok(Number.isInteger(drawn) && drawn >= 0 && drawn < below);
      assert.deepEqual(
        random.shuffle([...items]).sort((a, b) => a - b),
        [...items].sort((a, b) => a - b),
      );
    }),
  );
});

test('seeds and bounds that cannot be are refused', () => {
  for (const seed of [-1, 0.5, NaN, 2 ** 53]) assert.throws(() => createRandom(seed), RangeError);
  for (const below of [0, -1, 1.5, NaN, 2 ** 32 + 1]) assert.throws(() => createRandom(1).integer(below), RangeError);
});
