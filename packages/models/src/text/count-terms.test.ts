import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createTermCounter, mostFrequent } from './count-terms.ts';
import { tokenise } from './scan-words.ts';

/** The same by strings in a map: slow, and easy to believe. */
const counted = (texts: readonly string[], minDf: number) => {
  const counts = new Map<string, { texts: Set<number>; occurrences: number }>();
  texts.forEach((text, i) => {
    const words = tokenise(text);
    for (const term of [...words, ...words.slice(1).map((word, at) => `${words[at]} ${word}`)]) {
      const count = counts.get(term) ?? { texts: new Set(), occurrences: 0 };
      count.texts.add(i);
      count.occurrences += 1;
      counts.set(term, count);
    }
  });
  return [...counts]
    .map(([term, count]) => ({ term, texts: count.texts.size, occurrences: count.occurrences }))
    .filter((term) => term.texts >= minDf)
    .sort((a, b) => (a.term < b.term ? -1 : 1));
};

const word = fc.constantFrom('late', 'flight', 'Flight', 'thanks', 'no', 'a', '😀', 'été', '');
const texts = fc.array(
  fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
  { maxLength: 20 },
);

test('terms and their counts are those of the plain method', () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 4 }), (drawn, minDf) => {
      const counter = createTermCounter(minDf);
      drawn.forEach(counter.add);
      assert.deepEqual(counter.terms(), counted(drawn, minDf));
    }),
  );
});

test('a pair does not reach from one text into the next', () => {
  const counter = createTermCounter(1);
  ['late flight', 'cancelled'].forEach(counter.add);
  assert.deepEqual(
    counter.terms().map(({ term }) => term),
    ['cancelled', 'flight', 'late', 'late flight'],
  );
});

test('the most frequent terms stay in order, the first of equals preferred', () => {
  const terms = [
    ['a', 2],
    ['b', 5],
    ['c', 2],
    ['d', 9],
  ].map(([term, occurrences]) => ({ term: term as string, texts: 1, occurrences: occurrences as number }));
  assert.deepEqual(
    mostFrequent(terms, 3).map(({ term }) => term),
    ['a', 'b', 'd'],
  );
  assert.equal(mostFrequent(terms, 4), terms);
});
