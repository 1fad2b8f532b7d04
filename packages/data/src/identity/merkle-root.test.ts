import assert from 'node:assert/strict';
import { test } from 'node:test';
import { merkleRoot } from './merkle-root.ts';
import { sha256 } from './sha256.ts';

const leaves = (count: number): Buffer[] => Array.from({ length: count }, (_, i) => sha256(`leaf ${i}`));
const root = (hashes: readonly Buffer[]): string => merkleRoot(hashes.length, (i) => hashes[i] ?? Buffer.alloc(32)).toString('hex');
const node = (...children: readonly Buffer[]): Buffer => sha256(Buffer.concat([Buffer.from([1]), ...children]));

test('a root is made level by level of sixteen', () => {
  const all = leaves(19);
  assert.equal(root([]), sha256(Buffer.from([1])).toString('hex'));
  assert.equal(root(all.slice(0, 1)), all[0]?.toString('hex'));
  assert.equal(root(all.slice(0, 16)), node(...all.slice(0, 16)).toString('hex'));
  assert.equal(root(all), node(node(...all.slice(0, 16)), node(...all.slice(16))).toString('hex'));
});

test('another order, one hash less or one more is another root', () => {
  for (const count of [2, 16, 17, 256, 257, 300]) {
    const all = leaves(count);
    const roots = new Set([
      root(all),
      root(all.toReversed()),
      root(all.slice(1)),
      root(leaves(count + 1)),
      root([...all.slice(0, -1), sha256('other')]),
    ]);
    assert.equal(roots.size, 5, String(count));
  }
});
