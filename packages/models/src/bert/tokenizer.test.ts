import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBertTokenizer, type TokenizerFiles } from './tokenizer.ts';
import { tinyVocabulary } from './testing/tiny-checkpoint.ts';
import { readVocabulary, wordPieceFiles, wordPieceSettings } from './word-piece.ts';

const uncased = { lowercase: true, separateIdeographs: true };
const files = wordPieceFiles(tinyVocabulary, uncased);
const tokenizer = createBertTokenizer(files);
const tokens = (text: string, maxLength = 32): string =>
  tokenizer
    .encode(text, maxLength)
    .map((id) => tinyVocabulary[id])
    .join(' ');

test('words are cut into the longest pieces that are known, between [CLS] and [SEP]', () => {
  assert.equal(tokens('The crew, UNHAPPY!'), '[CLS] the crew , un ##happy ! [SEP]');
  assert.equal(tokens('flights thé quick'), '[CLS] flight ##s the [UNK] [SEP]');
  assert.equal(tokenizer.vocabularySize, tinyVocabulary.length);
});

test('a long text is cut and still ends with [SEP]; an empty one has nothing between', () => {
  assert.equal(tokens('bag bag bag bag bag', 4), '[CLS] bag bag [SEP]');
  assert.equal(tokens(''), '[CLS] [SEP]');
  assert.equal(tokens(' \n\u0000 '), '[CLS] [SEP]');
});

test('a megabyte of text costs no more than its beginning', () => {
  for (const text of ['late '.repeat(210_000), 'x'.repeat(1 << 20), '!'.repeat(1 << 20), '😀'.repeat(1 << 19), '\ud800'.repeat(1 << 20)]) {
    const start = performance.now();
    assert.ok(tokenizer.encode(text, 64).length <= 64);
    assert.ok(performance.now() - start < 1000);
  }
});

test('special tokens in a text are those tokens, as the Rust crate has it', () => {
  assert.equal(tokens('late [SEP] late'), '[CLS] late [SEP] late [SEP]');
});

test('ideographs beyond the first plane stand alone, and a final sigma is a sigma', () => {
  const greek = createBertTokenizer(wordPieceFiles([...tinyVocabulary, 'ος', 'οσ', '𠮷', '𠮷𠮷'], uncased));
  assert.deepEqual(greek.encode('ΟΣ 𠮷𠮷', 8).slice(1, -1), [
    tinyVocabulary.length + 1,
    tinyVocabulary.length + 2,
    tinyVocabulary.length + 2,
  ]);
});

test('vocab.txt is read with either line ending, and its settings with the defaults of BertTokenizer', () => {
  assert.deepEqual(readVocabulary('a\r\nb\r\n'), ['a', 'b']);
  assert.deepEqual(readVocabulary('a\nb'), ['a', 'b']);
  assert.deepEqual(wordPieceSettings(undefined), { lowercase: true, stripAccents: undefined, separateIdeographs: true });
  assert.equal(wordPieceSettings({ do_lower_case: false }).lowercase, false);
  const cased = createBertTokenizer(wordPieceFiles(tinyVocabulary, { ...uncased, lowercase: false }));
  assert.equal(tinyVocabulary[cased.encode('The', 8)[1]!], '[UNK]');
});

test('another model than WordPiece, and a vocabulary without the special tokens, are refused', () => {
  const refused = (changed: TokenizerFiles): void =>
    assert.throws(() => createBertTokenizer(changed), { code: 'invalid_request', reason: 'unsupported_tokenizer' });
  assert.throws(() => wordPieceFiles(['a'], uncased), { reason: 'unsupported_tokenizer', message: /\[PAD\]/ });
  refused({ tokenizer: { model: { type: 'BPE' } }, settings: {} });
  refused({ tokenizer: null, settings: null });
  refused({ tokenizer: { model: { type: 'WordPiece', vocab: { a: -1 } } }, settings: {} });
  refused({ tokenizer: { model: { type: 'WordPiece', vocab: { a: 0 }, unk_token: 'a' } }, settings: {} });
  refused({ tokenizer: { ...(files.tokenizer as object), normalizer: { type: 'Nonsense' } }, settings: {} });
});
