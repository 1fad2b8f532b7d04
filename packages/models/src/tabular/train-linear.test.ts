import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPace } from '../training-pace.ts';
import { createLinearScorer, designMatrix, learnDesign } from './linear-design.ts';
import { makeTable } from './made-table.ts';
import { encodeColumn, learnFeatures } from './table-columns.ts';
import { completeLinearOptions } from './tabular-options.ts';
import { trainLinear } from './train-linear.ts';

const { columns: table, number, label } = makeTable({ rows: 150, seed: 1 });
const features = learnFeatures(table, 150);
const columns = features.map((feature) => encodeColumn(feature, table[feature.name]!));

test('a number is standardised with its median where it is missing, and a column says so', () => {
  const column = Float32Array.of(1, 3, Number.NaN, 8);
  const design = learnDesign([{ name: 'x', kind: 'number', categories: [] }], [column]);
  const { values, begins, columns: at } = designMatrix(design, [column], 4);
  // 1, 3, 3, 8: mean 3.75, variance 6.6875.
  const of = (x: number): number => (x - 3.75) / Math.sqrt(6.6875);
  assert.deepEqual([...begins], [0, 1, 2, 4, 5]);
  assert.deepEqual(Array.from(at.subarray(0, 5)), [0, 0, 0, 1, 0]);
  for (const [i, x] of [of(1), of(3), of(3), 1, of(8)].entries()) assert.ok(Math.abs(values[i]! - x) < 1e-12);
});

test('ridge regression meets its normal equations', async () => {
  const options = completeLinearOptions({ task: 'regression', approach: 'linear', seed: 1, C: 0.5 });
  const targets = Float64Array.from(number);
  const fitted = await trainLinear({ features, columns, target: { numbers: targets }, options, hooks: {}, pace: createPace({}) });
  const errors = createLinearScorer(fitted)(columns, 150).map((value, row) => targets[row]! - value);
  const { begins, columns: at, values } = designMatrix(fitted.design, columns, 150);
  // No slope is left: of each weight Σ error x = λ w, and of the bias Σ error = 0.
  const slopes = fitted.weights.map((weight) => -2 * weight);
  for (let row = 0; row < 150; row++) for (let i = begins[row]!; i < begins[row + 1]!; i++) slopes[at[i]!]! += errors[row]! * values[i]!;
  for (const slope of [...slopes, errors.reduce((a, b) => a + b, 0)]) assert.ok(Math.abs(slope) < 1e-6, String(slope));
});

test('logistic regression has no slope left', async () => {
  const options = completeLinearOptions({ task: 'tabular-classification', approach: 'linear', seed: 1, eps: 1e-8 });
  const labels = [...new Set(label)].sort();
  const classes = Uint16Array.from(label, (one) => labels.indexOf(one));
  const fitted = await trainLinear({ features, columns, target: { labels, classes }, options, hooks: {}, pace: createPace({}) });
  const errors = createLinearScorer(fitted)(columns, 150).map((score, row) => classes[row]! - 1 / (1 + Math.exp(-score)));
  const { begins, columns: at, values } = designMatrix(fitted.design, columns, 150);
  const slopes = fitted.weights.map((weight) => -weight);
  for (let row = 0; row < 150; row++) for (let i = begins[row]!; i < begins[row + 1]!; i++) slopes[at[i]!]! += errors[row]! * values[i]!;
  for (const slope of slopes) assert.ok(Math.abs(slope) < 1e-5, String(slope));
});
