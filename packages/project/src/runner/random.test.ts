import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from './random.ts';

test('the same seed gives the same numbers, another seed others', () => {
  const take = (seed: string) => Array.from({ length: 5 }, createRandom(seed));
  assert.deepEqual(take('a'), take('a'));
  assert.notDeepEqual(take('a'), take('b'));
  // For ever: a changed generator would change what steps compute under the same key.
  assert.deepEqual(take('boucle'), golden);
});
const golden = [0.4258163787990885, 0.061632359106876144, 0.6527306144129814, 0.6233051342530639, 0.5284442228935922];

test('numbers fill [0, 1) evenly', () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const random = createRandom(seed);
      const numbers = Array.from({ length: 2000 }, random);
      assert.ok(numbers.every((x) => x >= 0 && x < 1));
      const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
      // Six standard errors of the mean of 2,000 uniform numbers.
      assert.ok(Math.abs(mean - 0.5) < 6 * Math.sqrt(1 / 12 / 2000));
    }),
  );
});
