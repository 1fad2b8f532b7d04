import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { classificationMetrics } from './classification-metrics.ts';

const actual = ['a', 'b', 'c', 'a', 'b', 'c', 'a', 'a', 'b', 'c'];
const predicted = ['a', 'b', 'b', 'a', 'c', 'c', 'b', 'a', 'b', 'a'];
const near = (value: number | null | undefined, expected: number): void =>
  assert.ok(typeof value === 'number' && Math.abs(value - expected) < 1e-12, `${value} is not ${expected}`);

test('metrics are those of scikit-learn 1.9', () => {
  const metrics = classificationMetrics({ actual, predicted, labels: ['a', 'b', 'c'] });
  assert.deepEqual(metrics.confusion.counts, [
    [3, 1, 0],
    [0, 2, 1],
    [1, 1, 1],
  ]);
  assert.equal(metrics.accuracy.value, 0.6);
  metrics.classes.forEach((c, i) => {
    near(c.precision.value, [0.75, 0.5, 0.5][i]!);
    near(c.recall.value, [0.75, 2 / 3, 1 / 3][i]!);
    near(c.f1, [0.75, 4 / 7, 0.4][i]!);
    assert.equal(c.support, [4, 3, 3][i]);
  });
  near(metrics.macro.precision, 0.5833333333333334);
  near(metrics.macro.f1, 0.5738095238095239);
  near(metrics.weighted.precision, 0.6);
  near(metrics.weighted.recall, 0.6);
  near(metrics.weighted.f1, 0.5914285714285714);
});

test('shares carry the interval of their own trials', () => {
  const { accuracy, classes } = classificationMetrics({ actual, predicted, labels: ['a', 'b', 'c'], confidence: 0.9 });
  assert.equal(accuracy.trials, 10);
  assert.equal(accuracy.interval?.confidence, 0.9);
  assert.equal(classes[1]?.precision.trials, 4);
  assert.equal(classes[1]?.recall.trials, 3);
});

test('a label that is never predicted has no precision, and counts as 0 in the averages', () => {
  const { classes, macro } = classificationMetrics({ actual: ['a', 'b'], predicted: ['a', 'a'], labels: ['a', 'b'] });
  assert.equal(classes[1]?.precision.value, null);
  assert.equal(classes[1]?.f1, 0);
  assert.equal(macro.precision, 0.25);
});

test('a label that neither occurs nor is predicted does not weigh on the averages', () => {
  const { classes, macro } = classificationMetrics({ actual: ['a', 'b'], predicted: ['a', 'b'], labels: ['a', 'b', 'never'] });
  assert.equal(classes[2]?.f1, null);
  assert.deepEqual(macro, { precision: 1, recall: 1, f1: 1 });
});

test('no rows give no values', () => {
  const { accuracy, macro, weighted } = classificationMetrics({ actual: [], predicted: [], labels: ['a'] });
  assert.equal(accuracy.value, null);
  assert.deepEqual(macro, { precision: null, recall: null, f1: null });
  assert.deepEqual(weighted, macro);
});

test('rows and labels that do not fit are refused', () => {
  assert.throws(() => classificationMetrics({ actual: ['a'], predicted: [], labels: ['a'] }), RangeError);
  assert.throws(() => classificationMetrics({ actual: ['x'], predicted: ['a'], labels: ['a'] }), /"x"/);
  assert.throws(() => classificationMetrics({ actual: [], predicted: [], labels: ['a', 'a'] }), RangeError);
  assert.throws(() => classificationMetrics({ actual: [], predicted: [], labels: [] }), RangeError);
});

const labels = ['a', 'b', 'c', 'd'];
const pair = fc.tuple(fc.constantFrom(...labels), fc.constantFrom(...labels));

test('whatever the rows: weighted recall is accuracy, and each f1 is the harmonic mean of its parts', () => {
  fc.assert(
    fc.property(fc.array(pair, { minLength: 1 }), (pairs) => {
      const metrics = classificationMetrics({ actual: pairs.map(([a]) => a), predicted: pairs.map(([, p]) => p), labels });
      near(metrics.weighted.recall, metrics.accuracy.value!);
      for (const { precision, recall, f1 } of metrics.classes) {
        if (precision.value && recall.value) near(f1, 2 / (1 / precision.value + 1 / recall.value));
      }
    }),
  );
});
