import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oneVsRestAreas } from './one-vs-rest.ts';

const near = (actual: number | null, expected: number): void =>
  assert.ok(actual !== null && Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);
const labels = ['a', 'b', 'c'];
const actual = ['a', 'b', 'c', 'a', 'b', 'c', 'a', 'a', 'b', 'c'];
const scores = [
  [0.7, 0.2, 0.1],
  [0.1, 0.8, 0.1],
  [0.3, 0.3, 0.4],
  [0.5, 0.25, 0.25],
  [0.2, 0.2, 0.6],
  [0.05, 0.05, 0.9],
  [0, 0.6, 0.4],
  [1, 0, 0],
  [0.1, 0.6, 0.3],
  [0.4, 0.3, 0.3],
];

test('areas and their means are those of scikit-learn 1.9', () => {
  const { classes, macro, weighted } = oneVsRestAreas({ labels, actual, scores });
  [0.75, 0.7619047619047619, 0.8095238095238095].forEach((area, i) => near(classes[i]!.rocAuc.value, area));
  near(macro.rocAuc, 0.7738095238095237);
  near(weighted.rocAuc, 0.7714285714285715);
  assert.equal(classes[0]!.support, 4);
});

test('a label that does not occur is left out of the means', () => {
  const { classes, macro } = oneVsRestAreas({
    labels: ['a', 'b', 'never'],
    actual: ['a', 'b'],
    scores: [
      [2, 1, 0],
      [1, 2, 0],
    ],
  });
  assert.equal(classes[2]!.rocAuc.value, null);
  assert.equal(macro.rocAuc, 1);
  assert.equal(oneVsRestAreas({ labels, actual: [], scores: [] }).macro.averagePrecision, null);
});

test('rows and labels that do not fit are refused', () => {
  assert.throws(() => oneVsRestAreas({ labels, actual, scores: [] }), RangeError);
  assert.throws(() => oneVsRestAreas({ labels: ['a', 'a'], actual: [], scores: [] }), RangeError);
  assert.throws(() => oneVsRestAreas({ labels, actual: ['x'], scores: [[1, 2, 3]] }), RangeError);
  assert.throws(() => oneVsRestAreas({ labels, actual: ['a'], scores: [[1]] }), RangeError);
});
