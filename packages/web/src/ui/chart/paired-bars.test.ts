import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pairedBars } from './paired-bars.ts';

test('each side is a share of its own rows, and the longest bar fills the picture', () => {
  const [a, b] = pairedBars([
    { label: 'a', reference: 900, current: 5 },
    { label: 'b', reference: 100, current: 5 },
  ]);
  assert.deepEqual([a?.referenceShare, a?.currentShare, b?.currentShare], [0.9, 0.5, 0.5]);
  assert.deepEqual([a?.referenceWidth, b?.currentWidth], [1, 0.5 / 0.9]);
});

test('a side without rows has no bars', () => {
  const [only] = pairedBars([{ label: 'a', reference: 0, current: 3 }]);
  assert.deepEqual([only?.referenceWidth, only?.currentWidth], [0, 1]);
});
