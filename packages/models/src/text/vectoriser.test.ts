import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPace } from '../training-pace.ts';
import { createCorpus } from './count-terms.ts';
import { createVectoriser, inverseFrequency } from './vectoriser.ts';
import { createVocabulary, wordsAndPairs } from './vocabulary.ts';

const texts = ['late late flight again', 'thanks for the flight', 'again a late flight, thanks', 'lost bag'];

const corpus = createCorpus(wordsAndPairs);
texts.forEach(corpus.add);
const { terms: counts } = await corpus.grams({ least: 1, most: Infinity }, createPace({}), [0, 1]);

const learned = (sublinear: boolean) => {
  const vocabulary = createVocabulary(counts.map(({ term }) => term));
  const idf = Float64Array.from(counts, (count) => inverseFrequency(texts.length, count.texts));
  const vectorise = createVectoriser({ vocabulary, idf, sublinear });
  return (text: string): Record<string, number> => {
    const { size, columns, values } = vectorise(text);
    return Object.fromEntries(Array.from({ length: size }, (_, i) => [vocabulary.terms[columns[i]!]!, values[i]!]));
  };
};

const assertNear = (actual: Record<string, number>, expected: Record<string, number>): void => {
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort());
  for (const [term, value] of Object.entries(expected))
    assert.ok(Math.abs(actual[term]! - value) < 1e-15, `${term}: ${actual[term]} is not ${value}`);
};

const unseen = 'late late flight, thanks for nothing';

test("values are those of scikit-learn 1.9's TfidfVectorizer", () => {
  assertNear(learned(false)(unseen), {
    flight: 0.22376119357255117,
    'flight thanks': 0.3505651490664873,
    for: 0.3505651490664873,
    late: 0.5527791803188404,
    'late flight': 0.2763895901594202,
    'late late': 0.3505651490664873,
    thanks: 0.2763895901594202,
    'thanks for': 0.3505651490664873,
  });
});

test('so are those with sublinear counts', () => {
  assertNear(learned(true)(unseen), {
    flight: 0.23412471481871402,
    'flight thanks': 0.36680160773257325,
    for: 0.36680160773257325,
    late: 0.489642250161684,
    'late flight': 0.2891906006657691,
    'late late': 0.36680160773257325,
    thanks: 0.2891906006657691,
    'thanks for': 0.36680160773257325,
  });
});

test('a text without known terms is the empty row', () => {
  for (const text of ['', '   ', '😀', 'x', 'entirely unknown']) assert.deepEqual(learned(false)(text), {});
});

test('a row does not depend on the texts before it', () => {
  const used = learned(true);
  const words = fc.array(fc.constantFrom('late', 'flight', 'thanks', 'for', 'bag', 'unknown'), { maxLength: 9 });
  fc.assert(fc.property(words, (drawn) => assert.deepEqual(used(drawn.join(' ')), learned(true)(drawn.join(' ')))));
});
