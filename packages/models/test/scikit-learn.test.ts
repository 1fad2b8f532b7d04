import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fit } from '../src/linear/fit.ts';
import type { LabelledRows, LinearSolution } from '../src/linear/linear-problem.ts';
import { completeOptions, type LogisticOptions, textBounds } from '../src/linear/logistic-options.ts';
import { probabilitiesOf } from '../src/linear/probabilities.ts';
import { createMatrixBuilder } from '../src/linear/sparse-matrix.ts';
import { createCorpus } from '../src/text/count-terms.ts';
import { createVectoriser, inverseFrequency } from '../src/text/vectoriser.ts';
import { createVocabulary } from '../src/text/vocabulary.ts';
import { createPace } from '../src/training-pace.ts';
import { weightsOfLabels } from '../src/option-checks.ts';

/** Made by golden/scikit-learn.py. */
interface Golden {
  texts: string[];
  labels: string[];
  unseen: string;
  terms: { kind: Kind; terms: Record<string, number>; row: Record<string, number> }[];
  solutions: { options: Partial<LogisticOptions>; objectives: number[]; probabilities: number[][] }[];
}
interface Kind {
  analyzer: 'word' | 'char' | 'char_wb';
  ngram_range: [number, number];
  min_df?: number;
  max_df?: number;
  sublinear_tf?: boolean;
}
const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'golden', 'scikit-learn.json'), 'utf8')) as Golden;
const { texts, labels, unseen } = golden;
const pace = createPace({});

const learn = async ({ analyzer, ngram_range, min_df = 1, max_df = Infinity, sublinear_tf = false }: Kind) => {
  const kind = { analyzer, ngrams: ngram_range };
  const corpus = createCorpus(kind);
  texts.forEach(corpus.add);
  const { terms } = await corpus.grams(textBounds({ minDf: min_df, maxDf: max_df }, texts.length), pace, [0, 1]);
  const names = terms.map(({ term }) => term);
  const idf = Float64Array.from(terms, (term) => inverseFrequency(texts.length, term.texts));
  const vectorise = createVectoriser({ vocabulary: createVocabulary(names, kind), idf, sublinear: sublinear_tf });
  return { names, idf, vectorise };
};

const sameNumbers = (actual: Record<string, number>, expected: Record<string, number>): void => {
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort());
  for (const [key, value] of Object.entries(expected)) near([actual[key]!, value], 1e-14, key);
};
const near = ([actual, expected]: readonly [number, number], within: number, what: string): void =>
  assert.ok(Math.abs(actual - expected) <= within, `${what}: ${actual} is not ${expected}`);

for (const { kind, terms, row } of golden.terms) {
  test(`terms, idf and rows are those of scikit-learn: ${JSON.stringify(kind)}`, async () => {
    const { names, idf, vectorise } = await learn(kind);
    sameNumbers(Object.fromEntries(names.map((name, i) => [name, idf[i]!])), terms);
    const { size, columns, values } = vectorise(unseen);
    sameNumbers(Object.fromEntries(Array.from({ length: size }, (_, i) => [names[columns[i]!]!, values[i]!])), row);
  });
}

for (const { options, objectives, probabilities } of golden.solutions) {
  test(`objectives and probabilities are those of scikit-learn: ${JSON.stringify(options)}`, async () => {
    const rows = await rowsWith(options);
    const complete = completeOptions({ approach: 'logistic-regression', seed: 1, eps: 1e-8, maxEpochs: 100_000, ...options });
    const { solution } = await fit({ matrix: rows.matrix, labels: rows.labels, rowLabels: labels, options: complete, hooks: {}, pace });
    const sums = sumsOf(rows, solution);
    objectivesOf({ rows, solution, sums, options: complete }).forEach((value, i) =>
      near([value, objectives[i]!], 1e-6 * objectives[i]!, 'objective'),
    );
    sums.forEach((own, row) =>
      probabilitiesOf(own, complete.multiclass).forEach((value, i) => near([value, probabilities[row]![i]!], 2e-5, `row ${row}`)),
    );
  });
}

const rowsWith = async ({ classWeight = {} }: Partial<LogisticOptions>): Promise<LabelledRows> => {
  const { names, vectorise } = await learn({ analyzer: 'word', ngram_range: [1, 2] });
  const builder = createMatrixBuilder(texts.length, names.length);
  texts.forEach((text) => builder.add(vectorise(text)));
  const distinct = [...new Set(labels)].sort();
  const weights = weightsOfLabels(classWeight, new Map(distinct.map((label) => [label, labels.filter((other) => other === label).length])));
  return {
    matrix: builder.matrix(),
    labels: distinct,
    classes: Int32Array.from(labels, (label) => distinct.indexOf(label)),
    weights: Float64Array.from(labels, (label) => weights.get(label)!),
  };
};

const sumsOf = ({ matrix: { begins, columns, values } }: LabelledRows, { weights, biases }: LinearSolution): Float64Array[] =>
  texts.map((_, row) =>
    biases.map((bias, vector) => {
      let sum = bias;
      for (let i = begins[row]!; i < begins[row + 1]!; i++) sum += weights[columns[i]! * biases.length + vector]! * values[i]!;
      return sum;
    }),
  );

interface Solved {
  rows: LabelledRows;
  solution: LinearSolution;
  sums: Float64Array[];
  options: { C: number; penalty: string; multiclass: string };
}
/** Of each vector's problem, or of the one that softmax makes of them. */
const objectivesOf = ({ rows: { classes, weights: costs }, solution: { weights, biases }, sums, options }: Solved): number[] => {
  const penaltyOf = (w: number): number => (options.penalty === 'l1' ? Math.abs(w) : (w * w) / 2);
  const penalties = Array.from(biases, (bias, vector) =>
    weights.reduce((sum, w, i) => (i % biases.length === vector ? sum + penaltyOf(w) : sum), penaltyOf(bias)),
  );
  if (options.multiclass === 'softmax') {
    const loss = sums.reduce((sum, own, row) => sum - costs[row]! * Math.log(probabilitiesOf(own, 'softmax')[classes[row]!]!), 0);
    return [penalties.reduce((a, b) => a + b) + options.C * loss];
  }
  return penalties.map((penalty, vector) =>
    sums.reduce((sum, own, row) => {
      const margin = (classes[row] === vector ? 1 : -1) * own[vector]!;
      return sum + options.C * costs[row]! * Math.log1p(Math.exp(-margin));
    }, penalty),
  );
};
