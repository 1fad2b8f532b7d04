import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { scanWords, tokenise } from './scan-words.ts';

const byExpression = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}_]{2,}/gu) ?? [];

test('words are what the regular expression finds', () => {
  for (const text of [
    '',
    'a',
    'It is 7pm, @VirginAmerica — COME_ON!! 😡😡 we waited 12h',
    'ÀÉÎ naïve İstanbul ΣΑΣ straße ﬁne',
    '𠮷 𠮷野家 𝒜𝒷 x𝟙',
    '我爱飞机 ความรัก résumé'.normalize('NFD'),
    '\ud800ab\udc00cd\ud83d',
  ]) {
    assert.deepEqual(tokenise(text), byExpression(text), text);
  }
});

const letters = fc.constantFrom('a', 'Z', '_', '9', ' ', '.', 'é', 'İ', 'Σ', 'ß', '飛', '𠮷', '😀', '\u0301', '\ud83d', '\ude00', '\u200d');

test('they are so for any text, broken surrogates included', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.oneof(letters, fc.string({ unit: 'binary', maxLength: 3 })) }), (text) =>
      assert.deepEqual(tokenise(text), byExpression(text)),
    ),
  );
});

test('a word found is found again in itself, so that a vocabulary can be read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: letters }), (text) => {
      for (const word of tokenise(text)) assert.deepEqual(tokenise(word), [word]);
    }),
  );
});

test('equal words have equal hashes wherever they stand', () => {
  const hashes: number[] = [];
  scanWords('flight, FLIGHT! (flight)', ({ hash }) => hashes.push(hash));
  assert.equal(hashes.length, 3);
  assert.equal(new Set(hashes).size, 1);
});

test('a megabyte without a blank is one word', () => {
  assert.equal(tokenise('x'.repeat(1 << 20))[0]?.length, 1 << 20);
});
