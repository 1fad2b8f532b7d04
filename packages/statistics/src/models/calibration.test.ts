import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../random.ts';
import { applyCalibration, fitCalibration } from './calibration.ts';
import { brier } from '../probability-scores.ts';

/** Rows whose stated probabilities are the square of the true ones, made to sum to 1: overconfident. */
const overconfident = (labels: readonly string[], n: number, seed: number) => {
  const random = createRandom(seed);
  const draw = () => {
    const raw = labels.map(() => random.uniform() + 0.05);
    const sum = raw.reduce((a, b) => a + b);
    const truth = raw.map((p) => p / sum);
    let left = random.uniform();
    const actual = labels[truth.findIndex((p) => (left -= p) < 0)] ?? labels[0]!;
    const squares = truth.map((p) => p * p);
    const total = squares.reduce((a, b) => a + b);
    return { actual, stated: squares.map((p) => p / total) };
  };
  const rows = Array.from({ length: n }, draw);
  return { labels, actual: rows.map((row) => row.actual), probabilities: rows.map((row) => row.stated) };
};

for (const labels of [
  ['no', 'yes'],
  ['a', 'b', 'c'],
]) {
  for (const method of ['isotonic', 'platt'] as const) {
    test(`${method} calibration of ${labels.length} labels lowers Brier's score on rows that it has not seen`, () => {
      const model = JSON.parse(JSON.stringify(fitCalibration({ ...overconfident(labels, 3000, 1), method })));
      const fresh = overconfident(labels, 3000, 2);
      const probabilities = fresh.probabilities.map((row) => applyCalibration(model, row));
      for (const row of probabilities) assert.ok(Math.abs(row.reduce((a, b) => a + b) - 1) < 1e-12 && row.every((p) => p >= 0 && p <= 1));
      assert.ok(brier({ ...fresh, probabilities })! < brier(fresh)!);
    });
  }
}

test('a row to which every curve gives nothing is shared out evenly', () => {
  const model = fitCalibration({
    labels: ['a', 'b', 'c'],
    actual: ['a', 'b', 'c', 'a'],
    probabilities: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [1, 0, 0],
    ],
  });
  assert.deepEqual(applyCalibration(model, [0, 0, 0]), [1 / 3, 1 / 3, 1 / 3]);
});

test('rows and labels that do not fit are refused', () => {
  const rows = { labels: ['a', 'b'], actual: ['a'], probabilities: [[0.5, 0.5]] };
  assert.throws(() => fitCalibration({ ...rows, labels: ['a'] }), RangeError);
  assert.throws(() => fitCalibration({ ...rows, labels: ['a', 'a'] }), RangeError);
  assert.throws(() => fitCalibration({ ...rows, actual: ['c'] }), RangeError);
  assert.throws(() => fitCalibration({ ...rows, actual: [] }), RangeError);
  assert.throws(() => fitCalibration({ ...rows, probabilities: [[1]] }), RangeError);
  assert.throws(() => applyCalibration(fitCalibration(rows), [1]), RangeError);
});
