import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Analyzer, boundary, createSymbols } from './symbols.ts';

const read = (analyzer: Analyzer, text: string): string[] => {
  const symbols = createSymbols(analyzer);
  const seen: string[] = [];
  symbols.read(text, (symbol) => seen.push(symbol === boundary ? '|' : symbols.text(symbol)));
  return seen;
};

test('blanks that follow each other are one, and a single one stays what it is', () => {
  assert.deepEqual(read('char', ' A\tb \n c  '), [' ', 'a', '\t', 'b', ' ', 'c', ' ']);
});

test('within words, blanks stand before and after each word, whatever parted them', () => {
  assert.equal(read('char_wb', 'No  WAY!\u00a0no\u2028').join(''), ' no | way! | no |');
  assert.deepEqual(read('char_wb', ' \n '), []);
});

test('what Python calls white space is white space', () => {
  // `''.join(chr(c) for c in range(0x110000) if chr(c).isspace())`, Python 3.11.
  const blanks =
    '\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000';
  assert.deepEqual(read('char_wb', blanks), []);
  assert.equal(read('char_wb', 'a\ufeffb\u200bc').join(''), ' a\ufeffb\u200bc |');
});

test('characters are code points, and half a pair is U+FFFD', () => {
  assert.deepEqual(read('char', '😀\ud83dx'), ['😀', '\ufffd', 'x']);
});

test('what is parsed is written the same, for any characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const symbols = createSymbols('char');
      assert.equal(symbols.parse(text).map(symbols.text).join(''), text);
    }),
  );
});
