import assert from 'node:assert/strict';
import { test } from 'node:test';
import { philox } from './philox.ts';

test('philox gives the numbers that its authors publish (Random123, kat_vectors)', () => {
  const out = new Uint32Array(4);
  const hexOf = (counter: readonly [number, number, number, number], key: readonly [number, number]): string => {
    philox(counter, key, out);
    return [...out].map((word) => word.toString(16).padStart(8, '0')).join(' ');
  };
  const all = 0xffffffff;
  assert.equal(hexOf([0, 0, 0, 0], [0, 0]), '6627e8d5 e169c58d bc57ac4c 9b00dbd8');
  assert.equal(hexOf([all, all, all, all], [all, all]), '408f276d 41c83b0e a20bc7c6 6d5451fd');
  assert.equal(hexOf([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]), 'd16cfe09 94fdcceb 5001e420 24126ea1');
});
