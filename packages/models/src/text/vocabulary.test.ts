import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createVocabulary } from './vocabulary.ts';

const scanned = (terms: readonly string[], text: string): string[] => {
  const found: string[] = [];
  createVocabulary(terms).scan(text, (column) => found.push(terms[column]!));
  return found;
};

test('words and pairs are found as they come, unknown words between them break a pair', () => {
  const terms = ['flight', 'late', 'late flight'];
  assert.deepEqual(scanned(terms, 'Late FLIGHT, late, late late xyz flight'), [
    'late',
    'flight',
    'late flight',
    'late',
    'late',
    'late',
    'flight',
  ]);
});

test('a pair is known although its words are not', () => {
  assert.deepEqual(scanned(['not good'], 'this is not good, not at all good'), ['not good']);
});

test('names of things in JavaScript are words like others', () => {
  assert.deepEqual(scanned(['__proto__', 'constructor', 'constructor __proto__'], 'constructor __proto__'), [
    'constructor',
    '__proto__',
    'constructor __proto__',
  ]);
});

test('terms in disorder, repeated or of another form are refused', () => {
  for (const terms of [
    ['b2', 'a1'],
    ['aa', 'aa'],
    ['a'],
    [''],
    ['aa bb cc'],
    ['Aa'],
    ['aa  bb'],
    ['aa\tbb'],
    [' aa'],
    ['aa '],
    ['aa.bb'],
    ['ok!'],
  ]) {
    assert.throws(() => createVocabulary(terms), RangeError, JSON.stringify(terms));
  }
});

const characters = { analyzer: 'char_wb', ngrams: [4, 5] } as const;
test('characters are found within words, and a word that is too short as a whole', () => {
  const terms = [' a ', ' fli', 'ight ', 'light'];
  const found: string[] = [];
  createVocabulary(terms, characters).scan('A  FLIGHT\tlights', (column) => found.push(terms[column]!));
  assert.deepEqual(found, [' a ', ' fli', 'light', 'ight ', 'light']);
});

test('no term reaches across a character that is not known', () => {
  const terms = ['ab', 'b'];
  const found: string[] = [];
  createVocabulary(terms, { analyzer: 'char', ngrams: [1, 2] }).scan('ab a😀b', (column) => found.push(terms[column]!));
  assert.deepEqual(found, ['b', 'ab', 'b']);
});

test('terms of too many or too few characters are refused', () => {
  for (const term of ['', 'abcdef']) assert.throws(() => createVocabulary([term], characters), RangeError);
  assert.throws(() => createVocabulary(['abc'], { ...characters, analyzer: 'char' }), /4 to 5 characters/);
});
