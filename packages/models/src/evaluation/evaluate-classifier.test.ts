import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '@boucle/statistics';
import { evaluateClassifier } from './evaluate-classifier.ts';
import { evaluateRanking, evaluateRegression } from './evaluate-regression.ts';
import type { Metric } from './metric.ts';

interface Golden {
  labels: string[];
  actual: number[];
  logits: number[][];
  metrics: Record<string, number>;
  confusion: number[][];
  regression: { actual: number[]; predicted: number[]; metrics: Record<string, number> };
  ranking: { relevance: number[][]; scores: number[][]; metrics: Record<string, number> };
}
const golden = JSON.parse(readFileSync(path.join(import.meta.dirname, 'golden.json'), 'utf8')) as Golden;

const softmax = (logits: readonly number[]): number[] => {
  const total = logits.reduce((sum, x) => sum + Math.exp(x), 0);
  return logits.map((x) => Math.exp(x) / total);
};
const predictedOf = (labels: readonly string[], rows: readonly (readonly number[])[]): string[] =>
  rows.map((row) => labels[row.indexOf(Math.max(...row))]!);
const goldenRows = () => {
  const { labels } = golden;
  const probabilities = golden.logits.map(softmax);
  return { labels, actual: golden.actual.map((i) => labels[i]!), probabilities, predicted: predictedOf(labels, probabilities) };
};
const byName = (metrics: readonly Metric[]): Map<string, Metric> =>
  new Map(metrics.map((one) => [one.of === undefined ? one.name : `${one.name} ${one.of}`, one]));
const agree = (metrics: readonly Metric[], expected: Record<string, number>): void => {
  const found = byName(metrics);
  for (const [name, value] of Object.entries(expected)) {
    assert.ok(Math.abs(found.get(name)!.value! - value) < 1e-9, `${name}: ${found.get(name)!.value}, not ${value}`);
  }
};

test('every metric is that of scikit-learn', () => {
  const { metrics, confusion } = evaluateClassifier(goldenRows());
  agree(metrics, golden.metrics);
  assert.deepEqual(confusion, golden.confusion);
  agree(evaluateRegression(golden.regression).metrics, golden.regression.metrics);
  const { relevance, scores } = golden.ranking;
  agree(evaluateRanking(relevance.map((list, i) => ({ relevance: list, scores: scores[i]! }))), golden.ranking.metrics);
});

test('every metric of rows that vary has an interval with the value inside', () => {
  for (const { name, of, value, interval } of evaluateClassifier(goldenRows()).metrics) {
    assert.ok(value !== null && interval !== null, name);
    // Chance makes the calibration error of a sample too large; its interval is put right for that, and may lie below the value.
    assert.ok(interval.low < interval.high && (name === 'ece' || (interval.low <= value && value <= interval.high)), `${name} ${of}`);
  }
});

test('any labels at all give numbers within their bounds, or none with a reason', () => {
  const label = fc.constantFrom('a', 'b', 'c', 'new');
  const row = fc.record({ actual: label, chosen: fc.nat(2), odds: fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9)) });
  const labels = ['a', 'b', 'c'];
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
      const probabilities = rows.map(({ odds }) => softmax(odds));
      const { metrics, confusion } = evaluateClassifier({
        labels,
        actual: rows.map(({ actual }) => actual),
        predicted: rows.map(({ chosen }) => labels[chosen]!),
        probabilities,
      });
      assert.equal(
        confusion.flat().reduce((a, b) => a + b, 0),
        rows.length,
      );
      for (const { name, value, interval, why } of metrics) {
        assert.ok(value === null ? why !== undefined : Number.isFinite(value), name);
        assert.ok(interval === null ? why !== undefined : interval.low <= interval.high, name);
      }
    }),
    { numRuns: 100 },
  );
});

/** Rows of two labels that a model gets right with this probability. */
const drawn = (seed: number, rows: number, accuracy: number) => {
  const random = createRandom(seed);
  const labels = ['no', 'yes'];
  const actual = Array.from({ length: rows }, () => labels[random.uniform() < 0.3 ? 1 : 0]!);
  const predicted = actual.map((label) => (random.uniform() < accuracy ? label : labels[label === 'no' ? 1 : 0]!));
  return { labels, actual, predicted };
};

test('intervals of F1, its average and the correlation hold the true value about as often as they say', () => {
  // With 30 % yes and 80 % right: of yes tp 0.24, fp 0.14, fn 0.06; of no tp 0.56, fp 0.06, fn 0.14.
  const [yes, no] = [0.48 / 0.68, 1.12 / 1.32];
  const matthews = (0.24 * 0.56 - 0.14 * 0.06) / Math.sqrt(0.38 * 0.3 * 0.7 * 0.62);
  const truth: Record<string, number> = {
    'f1 yes': yes,
    f1_macro: (yes + no) / 2,
    f1_weighted: 0.3 * yes + 0.7 * no,
    matthews,
    recall_macro: 0.8,
  };
  const runs = 400;
  const held: Record<string, number> = {};
  for (let seed = 0; seed < runs; seed++) {
    const found = byName(evaluateClassifier(drawn(seed, 200, 0.8)).metrics);
    for (const [name, value] of Object.entries(truth)) {
      const { low, high } = found.get(name)!.interval!;
      if (low <= value && value <= high) held[name] = (held[name] ?? 0) + 1;
    }
  }
  for (const [name, times] of Object.entries(held)) assert.ok(times / runs > 0.915 && times / runs < 0.98, `${name}: ${times / runs}`);
});

test('curves are bounded, end where they must, and keep the area of all points', () => {
  const random = createRandom(1);
  const actual = Array.from({ length: 3000 }, (_, i) => (i % 3 === 0 ? 'yes' : 'no'));
  const probabilities = actual.map((label) => {
    const p = (random.uniform() + (label === 'yes' ? 0.6 : 0)) / 1.6;
    return [1 - p, p];
  });
  const labels = ['no', 'yes'];
  const { curves, metrics } = evaluateClassifier({ labels, actual, probabilities, predicted: predictedOf(labels, probabilities) });
  assert.equal(curves.length, 1);
  const [{ label, roc, precisionRecall, calibration }] = curves as [(typeof curves)[number]];
  assert.equal(label, 'yes');
  assert.ok(roc!.points.length <= 60 && precisionRecall!.points.length <= 60 && calibration.length === 10);
  assert.deepEqual([roc!.points[0]!.truePositiveRate, roc!.points.at(-1)!.truePositiveRate], [0, 1]);
  assert.ok(Math.abs(roc!.area - byName(metrics).get('roc_auc')!.value!) < 1e-12);
});

test('groups need a positive label and a column', () => {
  const rows = drawn(1, 50, 0.8);
  assert.throws(() => evaluateClassifier(rows, { fairFor: ['sex'] }), RangeError);
  assert.throws(() => evaluateClassifier({ ...rows, positive: 'yes' }, { fairFor: ['sex'] }), RangeError);
  const columns = { sex: rows.actual.map((_, i) => (i % 2 === 0 ? 'f' : 'm')) };
  assert.equal(evaluateClassifier({ ...rows, positive: 'yes' }, { fairFor: ['sex'], columns }).fairness.length, 1);
});
