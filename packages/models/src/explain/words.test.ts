import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { onWords, wordsOf } from './words.ts';

const near = (actual: number, expected: number, tolerance = 1e-9): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${actual} is not ${expected}`);
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

test('shares on characters become shares on words, and none is lost', () => {
  const text = "I didn't like @them, at all!";
  assert.deepEqual(
    wordsOf(text).map(([from, to]) => text.slice(from, to)),
    ['I', "didn't", 'like', '@them', ',', 'at', 'all', '!'],
  );
  const span = fc.tuple(fc.nat(text.length - 1), fc.nat(text.length - 1)).map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 1] as const);
  fc.assert(
    fc.property(fc.array(fc.record({ span, value: fc.double({ min: -5, max: 5, noNaN: true }) })), (parts) => {
      near(sum(onWords(text, parts).map(({ value }) => value)), sum(parts.map(({ value }) => value)));
    }),
  );
});
