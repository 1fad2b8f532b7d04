import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '@boucle/statistics';
import { createVocabulary } from '../text/vocabulary.ts';
import type { Analyzer } from '../text/symbols.ts';
import { createLinearExplainer } from './linear-text.ts';

const near = (actual: number, expected: number, tolerance = 1e-9): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${actual} is not ${expected}`);
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

const parts = (analyzer: Analyzer, terms: readonly string[], labels: readonly string[]) => {
  const random = createRandom(3);
  const vectors = labels.length === 2 ? 1 : labels.length;
  const numbers = (count: number): Float64Array => Float64Array.from({ length: count }, () => random.uniform() * 2 - 1);
  return {
    labels,
    vocabulary: createVocabulary([...terms].sort(), { analyzer, ngrams: analyzer === 'word' ? [1, 2] : [2, 3] }),
    sublinearTf: true,
    idf: numbers(terms.length).map(Math.abs),
    biases: numbers(vectors),
    weights: numbers(terms.length * vectors),
  };
};

test('terms of a linear model sum to its logit, and so do words, wherever the terms stand', () => {
  const text = 'Not late, NOT late İstanbul!  not good';
  const kinds: readonly (readonly [Analyzer, readonly string[]])[] = [
    ['word', ['not', 'late', 'not late', 'late not', 'good', 'absent']],
    ['char', ['no', 'ot ', 't l', ' g', 'late'.slice(0, 3)]],
    ['char_wb', [' n', 'not', 'ot ', 'te,', ' g', 'od ']],
  ];
  for (const [analyzer, terms] of kinds) {
    for (const labels of [
      ['bad', 'good'],
      ['bad', 'good', 'mixed'],
    ]) {
      const explain = createLinearExplainer(parts(analyzer, terms, labels));
      for (const label of labels) {
        const { output, baseline, terms: found, words } = explain(text, label);
        assert.ok(found.length >= 3, analyzer);
        near(output, baseline + sum(found.map(({ value }) => value)));
        near(output, baseline + sum(words.map(({ value }) => value)));
      }
      if (labels.length === 2) near(explain(text, 'bad').output, -explain(text, 'good').output);
    }
  }
});

test('a word carries the weight of its term at all its places', () => {
  const explain = createLinearExplainer({ ...parts('word', ['late', 'not late'], ['bad', 'good']), weights: Float64Array.of(1, 1) });
  const text = 'Late, not late';
  const { words, terms } = explain(text, 'good');
  const [late, pair] = terms.map(({ value }) => value) as [number, number];
  assert.deepEqual(
    words.map(({ span: [from, to] }) => text.slice(from, to)),
    ['Late', 'not', 'late'],
  );
  near(words[0]!.value, late / 2);
  near(words[2]!.value, late / 2 + (pair * 4) / 7);
  assert.deepEqual(explain('unheard of', 'good').words, []);
});
