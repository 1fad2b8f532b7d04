import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom, shuffle } from './random.ts';

const shuffled = (length: number, seed: number): number[] => {
  const numbers = Int32Array.from({ length }, (_, i) => i);
  shuffle(numbers, createRandom(seed));
  return [...numbers];
};

test('a shuffle loses nothing, and a seed gives the same order again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.maxSafeNat(), (length, seed) => {
      const order = shuffled(length, seed);
      assert.deepEqual(order, shuffled(length, seed));
      assert.deepEqual(
        order.toSorted((a, b) => a - b),
        Array.from({ length }, (_, i) => i),
      );
    }),
  );
});

test('seeds that differ only beyond 32 bits give different orders', () => {
  assert.notDeepEqual(shuffled(50, 7), shuffled(50, 7 + 2 ** 32));
  assert.notDeepEqual(shuffled(50, 7), shuffled(50, 8));
});

test('orders are about equally frequent', () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 6000; seed++) counts.set(String(shuffled(3, seed)), (counts.get(String(shuffled(3, seed))) ?? 0) + 1);
  assert.equal(counts.size, 6);
  // Chi-square with 5 degrees of freedom; the seeds are fixed, so this passes always or never.
  const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
  assert.ok(chiSquare < 15, `${chiSquare}`);
});
