import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { philox } from '../autodiff/index.ts';
import { createKernels, createMemory } from './kernels/kernels.ts';
import { createStream, keyOf } from './random-stream.ts';

test('the mask kernel draws the same words, four blocks side by side', () => {
  const memory = createMemory(1);
  const { masks } = createKernels(memory);
  const word = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(fc.tuple(word, word, word), fc.tuple(word, word), word, ([site, step, part], key, dropBelow) => {
      masks(64, 48, 0, site, step, part, ...key, dropBelow, 1.5);
      const drawn = Array.from({ length: 48 }, (_, i) => {
        const words = new Uint32Array(4);
        philox([4 * (i >> 4) + (i & 3), site, step, part], key, words);
        return words[(i >> 2) & 3]!;
      });
      assert.deepEqual(
        [...new Float32Array(memory.buffer, 64, 48)],
        drawn.map((one) => (one >= dropBelow ? 1.5 : 0)),
      );
    }),
  );
});

test('a mask drops the share it was asked to', () => {
  const memory = createMemory(32);
  const n = 320_000;
  createKernels(memory).masks(0, n, 0, 1, 1, 0, ...keyOf(7), 0.2 * 2 ** 32, 1.25);
  const dropped = new Float32Array(memory.buffer, 0, n).filter((value) => value === 0).length / n;
  assert.ok(Math.abs(dropped - 0.2) < 4 * Math.sqrt((0.2 * 0.8) / n));
});

test('streams of numbers differ by seed and by name, and repeat', () => {
  const take = (seed: number, stream: readonly [number, number]): number[] => {
    const next = createStream(seed, stream);
    return Array.from({ length: 10 }, next);
  };
  assert.deepEqual(take(1, [2, 3]), take(1, [2, 3]));
  const others = [take(1, [2, 3]), take(2, [2, 3]), take(1, [3, 3]), take(1, [2, 4]), take(1 + 2 ** 32, [2, 3])];
  assert.equal(new Set(others.flat()).size, 50);
});
