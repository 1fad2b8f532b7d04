import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPace } from '../training-pace.ts';
import { createCorpus, mostFrequent, type TermKind, type TextBounds } from './count-terms.ts';
import { tokenise } from './scan-words.ts';
import { analyzers } from './symbols.ts';
import { createVocabulary, wordsAndPairs } from './vocabulary.ts';

const pace = createPace({});
const corpusOf = (texts: readonly string[], kind: TermKind) => {
  const corpus = createCorpus(kind);
  texts.forEach(corpus.add);
  return corpus;
};
const termsOf = async (texts: readonly string[], kind: TermKind, bounds = { least: 1, most: Infinity }) =>
  (await corpusOf(texts, kind).grams(bounds, pace, [0, 1])).terms.map(({ term, texts: held, occurrences }) => ({
    term,
    texts: held,
    occurrences,
  }));

/** The same by strings in a map: slow, and easy to believe. */
const counted = (texts: readonly string[], kind: TermKind, bounds: TextBounds) => {
  const counts = new Map<string, { texts: Set<number>; occurrences: number }>();
  texts.forEach((text, i) => {
    for (const term of plainTerms(text, kind)) {
      const count = counts.get(term) ?? { texts: new Set(), occurrences: 0 };
      count.texts.add(i);
      count.occurrences += 1;
      counts.set(term, count);
    }
  });
  return [...counts]
    .map(([term, count]) => ({ term, texts: count.texts.size, occurrences: count.occurrences }))
    .filter((term) => term.texts >= bounds.least && term.texts <= bounds.most)
    .sort((a, b) => (a.term < b.term ? -1 : 1));
};

const plainTerms = (text: string, { analyzer, ngrams: [least, most] }: TermKind): string[] => {
  const slices = (parts: readonly string[], separator: string): string[] =>
    Array.from({ length: most - least + 1 }, (_, i) => least + i).flatMap((n) =>
      parts.slice(n - 1).map((__, at) => parts.slice(at, at + n).join(separator)),
    );
  if (analyzer === 'word') return slices(tokenise(text), ' ');
  const plain = text.toLowerCase();
  if (analyzer === 'char') return slices(Array.from(plain.replaceAll(/\s\s+/g, ' ')), '');
  return plain
    .split(/\s+/)
    .filter((word) => word !== '')
    .flatMap((word) => (Array.from(word).length + 2 < least ? [` ${word} `] : slices(Array.from(` ${word} `), '')));
};

const word = fc.constantFrom('late', 'flight', 'Flight', 'thanks', 'no', 'a', '😀', 'été', '', '\n');
const texts = fc.array(
  fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
  { maxLength: 20 },
);
const kinds = fc.record({
  analyzer: fc.constantFrom(...analyzers),
  ngrams: fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 3 })).map(([least, more]) => [least, least + more] as const),
});
const someBounds = fc.record({ least: fc.integer({ min: 1, max: 4 }), most: fc.integer({ min: 4, max: 20 }) });

test('terms and their counts are those of the plain method', async () => {
  await fc.assert(
    fc.asyncProperty(texts, kinds, someBounds, async (drawn, kind, bounds) => {
      assert.deepEqual(await termsOf(drawn, kind, bounds), counted(drawn, kind, bounds));
    }),
    { numRuns: 300 },
  );
});

test('a pair does not reach from one text into the next', async () => {
  assert.deepEqual(
    (await termsOf(['late flight', 'cancelled'], wordsAndPairs)).map(({ term }) => term),
    ['cancelled', 'flight', 'late', 'late flight'],
  );
});

test('rows made of what was counted are those that the vocabulary makes, in the same order', async () => {
  await fc.assert(
    fc.asyncProperty(texts, kinds, someBounds, async (drawn, kind, bounds) => {
      const grams = await corpusOf(drawn, kind).grams(bounds, pace, [0, 1]);
      const vocabulary = createVocabulary(
        grams.terms.map(({ term }) => term),
        kind,
      );
      const columnOf = new Map(grams.terms.map(({ node }, column) => [node, column]));
      drawn.forEach((text, i) => {
        const [counting, scanning]: number[][] = [[], []];
        grams.scan(i, (node) => columnOf.has(node) && counting!.push(columnOf.get(node)!));
        vocabulary.scan(text, (column) => scanning!.push(column));
        assert.deepEqual(counting, scanning);
      });
    }),
  );
});

test('the most frequent terms stay in order, the first of equals preferred', () => {
  const terms = [
    ['a', 2],
    ['b', 5],
    ['c', 2],
    ['d', 9],
  ].map(([term, occurrences]) => ({ term: term as string, texts: 1, occurrences: occurrences as number, node: 0 }));
  assert.deepEqual(
    mostFrequent(terms, 3).map(({ term }) => term),
    ['a', 'b', 'd'],
  );
  assert.equal(mostFrequent(terms, 4), terms);
});
