import assert from 'node:assert/strict';
import { test } from 'node:test';
import { learnVocabulary } from './learn-vocabulary.ts';
import { createBertTokenizer } from './tokenizer.ts';
import { specialTokens, wordPieceFiles } from './word-piece.ts';

const uncased = { lowercase: true, separateIdeographs: true };
const texts = ['Late flight, late bag', 'the FLIGHT was late', 'bags'];

test('characters and repeated words are learned, the most frequent first; rarer words are spelt out', () => {
  const vocabulary = learnVocabulary(texts, 1000, uncased);
  assert.deepEqual(vocabulary.slice(0, 5), specialTokens);
  assert.deepEqual(vocabulary.slice(-2), ['late', 'flight']);
  assert.ok(vocabulary.includes('##s') && !vocabulary.includes('bag'));
  const tokenizer = createBertTokenizer(wordPieceFiles(vocabulary, uncased));
  assert.deepEqual(
    tokenizer.encode('late flights', 8).map((id) => vocabulary[id]),
    ['[CLS]', 'late', 'flight', '##s', '[SEP]'],
  );
});

test('the size is kept, also where there is nothing to learn from', () => {
  assert.equal(learnVocabulary(texts, 12, uncased).length, 9);
  assert.deepEqual(learnVocabulary(['', ' '], 12, uncased), specialTokens);
  assert.equal(new Set(learnVocabulary(texts, 40, uncased)).size, learnVocabulary(texts, 40, uncased).length);
});
