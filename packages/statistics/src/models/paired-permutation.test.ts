import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../random.ts';
import type { Tested } from '../result.ts';
import { pairedPermutation } from './paired-permutation.ts';

const eight = [0.3, -0.1, 0.5, 0.2, 0.4, -0.2, 0.6, 0.1];

test('few differences are tried with all signs', () => {
  const result = pairedPermutation(eight) as Tested;
  assert.equal(result.method, 'paired permutation, exact');
  assert.equal(result.pValue, 22 / 256);
  assert.ok(Math.abs(result.effect!.value - 0.225) < 1e-12);
  assert.deepEqual((pairedPermutation([...eight, 0, 0]) as Tested).pValue, 22 / 256);
});

test('equal models give 1, and no rows give no verdict', () => {
  assert.equal((pairedPermutation([0, 0, 0]) as Tested).pValue, 1);
  const none = pairedPermutation([]);
  assert.ok(!none.testable && none.why);
});

test('with many rows, random signs reject at most as often as stated where there is no difference', () => {
  const random = createRandom(8);
  let rejected = 0;
  for (let run = 0; run < 300; run++) {
    const differences = Array.from({ length: 30 }, () => random.uniform() ** 3 - random.uniform() ** 3);
    if ((pairedPermutation(differences, { draws: 199, seed: run }) as Tested).pValue <= 0.05) rejected++;
  }
  assert.ok(rejected / 300 < 0.085 && rejected / 300 > 0.02, `${rejected / 300}`);
});

test('a clear difference among many rows is found, the same with the same seed', () => {
  const differences = Array.from({ length: 40 }, (_, i) => 1 + (i % 7) - 2);
  assert.ok((pairedPermutation(differences, { draws: 999 }) as Tested).pValue < 0.005);
  assert.deepEqual(pairedPermutation(differences, { seed: 3, draws: 99 }), pairedPermutation(differences, { seed: 3, draws: 99 }));
});

test('what is no difference or number of draws is refused', () => {
  assert.throws(() => pairedPermutation([NaN]), RangeError);
  assert.throws(() => pairedPermutation([Infinity]), RangeError);
  assert.throws(() => pairedPermutation([1], { draws: 0 }), RangeError);
});
