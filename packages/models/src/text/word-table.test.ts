import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createWordTable } from './word-table.ts';

const asWord = (text: string, hash: number) => ({ text: `<${text}>`, start: 1, end: 1 + text.length, hash });

test('words are numbered as they come, and told apart even where all hashes meet', () => {
  const draw = fc.record({ words: fc.array(fc.string({ maxLength: 4 }), { maxLength: 200 }), hashes: fc.constantFrom(1, 3, 2 ** 31) });
  fc.assert(
    fc.property(draw, ({ words, hashes }) => {
      const table = createWordTable();
      const known = new Map<string, number>();
      for (const text of words) {
        const word = asWord(text, (text.charCodeAt(0) || 0) % hashes);
        assert.equal(table.find(word), known.get(text) ?? -1);
        if (!known.has(text)) known.set(text, known.size);
        assert.equal(table.add(word), known.get(text));
      }
      assert.equal(table.size, known.size);
      for (const [text, id] of known) assert.equal(table.text(id), text);
    }),
  );
});

test('a table grows past all its first sizes', () => {
  const table = createWordTable();
  for (let i = 0; i < 20_000; i++) assert.equal(table.add(asWord(`word${i}`, Math.imul(i, 0x9e3779b1))), i);
  for (let i = 0; i < 20_000; i++) assert.equal(table.find(asWord(`word${i}`, Math.imul(i, 0x9e3779b1))), i);
  assert.equal(table.text(12_345), 'word12345');
});

test('a word of a megabyte is kept whole', () => {
  const table = createWordTable();
  const long = 'é'.repeat(1 << 20);
  assert.equal(table.text(table.add(asWord(long, 1))), long);
});
