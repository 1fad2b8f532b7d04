import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readWordVectors } from './embeddings-file.ts';
import { createWordIds, learnWords } from './word-ids.ts';
import { readWords } from './words.ts';

const folder = mkdtempSync(join(tmpdir(), 'words-'));
after(() => rmSync(folder, { recursive: true }));

test('words keep their apostrophes, and every sign is a word', () => {
  assert.deepEqual(readWords("It's NOT good!! @Air 2nd née 😀", 99), ["it's", 'not', 'good', '!', '!', '@', 'air', '2nd', 'née', '😀']);
  assert.deepEqual(readWords(' \t\u2028', 9), []);
  assert.deepEqual(readWords('a b c d', 2), ['a', 'b']);
  assert.deepEqual(readWords('lone \ud800 half', 9), ['lone', 'half']);
});

test('a megabyte is read no further than it counts', () => {
  const start = performance.now();
  assert.equal(readWords('x '.repeat(500_000), 128).length, 128);
  assert.equal(readWords('x'.repeat(1_000_000), 128).length, 1);
  assert.deepEqual(readWords(' '.repeat(1_000_000), 128), []);
  assert.ok(performance.now() - start < 500);
});

const limits = { minCount: 2, maxWords: 3, maxLength: 9 };

test('words that are frequent enough get numbers, the most frequent first', () => {
  const ids = learnWords(['b b c', 'c b', 'a a d', 'd', 'e', 'x'.repeat(200), 'x'.repeat(200)], limits);
  assert.deepEqual(ids.words, ['<pad>', '<unk>', 'b', 'a', 'c']);
  assert.deepEqual(ids.encode('C z b <pad>', 9), [4, 1, 2, 1, 1, 1]);
  assert.deepEqual(ids.encode('', 9), [1]);
});

test('a vocabulary of one word is a vocabulary; none is refused', () => {
  assert.equal(learnWords(['a a', 'b'], limits).words.length, 3);
  assert.throws(() => learnWords(['', ' '], limits), { reason: 'empty_vocabulary', message: /text column/ });
  assert.throws(() => learnWords(['a b', 'c'], limits), { reason: 'empty_vocabulary', message: /None of 3 words/ });
  assert.throws(() => createWordIds(['<pad>', 'a']), RangeError);
  assert.throws(() => createWordIds(['<pad>', '<unk>', 'a', 'a']), RangeError);
});

const write = (text: string): string => {
  const path = join(folder, 'vectors.txt');
  writeFileSync(path, text);
  return path;
};
const wanted = (word: string): boolean => word !== 'other';

test('vectors are read as GloVe and as word2vec write them', async () => {
  for (const text of ['a 1 2\nother 0 0\nb -1e-1 .5\na 9 9\n', '3 2\na 1 2 \nother 0 0\nb -1e-1 .5\n', 'a 1 2\r\nb -1e-1 .5']) {
    const { size, vectors } = await readWordVectors(write(text), wanted);
    assert.equal(size, 2);
    assert.deepEqual(
      [...vectors].map(([word, vector]) => [word, ...vector]),
      [
        ['a', 1, 2],
        ['b', Math.fround(-0.1), 0.5],
      ],
    );
  }
  const spaced = await readWordVectors(write('a 1 2\n. . . 3 4\n'), wanted);
  assert.deepEqual([...spaced.vectors.keys()], ['a', '. . .']);
});

test('lines that are no vectors are refused by their number', async () => {
  for (const [text, line] of [
    ['a 1 2\nb 1\n', 2],
    ['a 1 2\nb 1 x\n', 2],
    ['a 1 2\n\n', 2],
    ['a 1 2\nb 1 NaN\n', 2],
    ['a\n', 1],
  ] as const) {
    await assert.rejects(readWordVectors(write(text), wanted), {
      reason: 'bad_embeddings',
      details: { path: join(folder, 'vectors.txt'), line },
    });
  }
  await assert.rejects(readWordVectors(write(''), wanted), { reason: 'bad_embeddings', message: /no vectors/ });
  await assert.rejects(readWordVectors(join(folder, 'none.txt'), wanted), { code: 'invalid_request', reason: 'no_embeddings' });
});
