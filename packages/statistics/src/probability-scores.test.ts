import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brier, logLoss } from './probability-scores.ts';

const near = (value: number | null, expected: number): void =>
  assert.ok(value !== null && Math.abs(value - expected) < 1e-12 * Math.max(1, expected), `${value} is not ${expected}`);

const three = {
  labels: ['a', 'b', 'c'],
  actual: ['a', 'b', 'c', 'a', 'b', 'c', 'a', 'a', 'b', 'c'],
  probabilities: [
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
  ],
};
const two = {
  labels: ['n', 'o'],
  actual: ['n', 'o', 'n', 'o', 'n'],
  probabilities: [
    [0.8, 0.2],
    [0.3, 0.7],
    [0.4, 0.6],
    [0.1, 0.9],
    [1, 0],
  ],
};

test('log loss is that of scikit-learn 1.9, a certain and wrong forecast included', () => {
  near(logLoss(three), 4.166250665298804);
  near(logLoss(two), 0.3202939485569848);
});

test("Brier's score is that of scikit-learn 1.9", () => {
  near(brier(three), 0.46900000000000003);
  near(brier(two), 0.1);
});

test('a perfect forecast costs nothing', () => {
  const perfect = {
    labels: ['a', 'b'],
    actual: ['a', 'b'],
    probabilities: [
      [1, 0],
      [0, 1],
    ],
  };
  assert.equal(brier(perfect), 0);
  assert.equal(Math.abs(logLoss(perfect)!), 0);
});

test('no rows give no value', () => {
  const none = { labels: ['a', 'b'], actual: [], probabilities: [] };
  assert.equal(logLoss(none), null);
  assert.equal(brier(none), null);
});

test('what is no probability is refused', () => {
  for (const row of [[0.5, 0.4], [1.5, -0.5], [NaN, 1], [1]]) {
    assert.throws(() => brier({ labels: ['a', 'b'], actual: ['a'], probabilities: [row] }), RangeError);
  }
  assert.throws(() => logLoss({ labels: ['a', 'b'], actual: ['c'], probabilities: [[0.5, 0.5]] }), /"c"/);
  assert.throws(() => logLoss({ labels: ['a', 'a'], actual: [], probabilities: [] }), RangeError);
  assert.throws(() => logLoss({ labels: ['a', 'b'], actual: ['a'], probabilities: [] }), RangeError);
});
