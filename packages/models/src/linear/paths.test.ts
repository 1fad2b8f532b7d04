import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { l1Path } from './l1-path.ts';
import type { FitWatch, LabelledRows, LinearSolution, PathMaker } from './linear-problem.ts';
import { oneAgainstRest } from './one-against-rest.ts';
import { probabilitiesOf } from './probabilities.ts';
import { createRandom } from './random.ts';
import { softmaxPath } from './softmax-path.ts';
import { createMatrixBuilder } from './sparse-matrix.ts';
import { transposeWithOnes } from './transpose.ts';

/** Rows of a few values each, some of none, of labels that depend on them in part. */
const someRows = (seed: number, labels: readonly string[], { rows, width } = { rows: 60, width: 8 }): LabelledRows => {
  const random = createRandom(seed);
  const uniform = (): number => random() / 2 ** 32;
  const builder = createMatrixBuilder(rows, width);
  const classes = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const columns = Int32Array.from({ length: width }, (_, column) => column).filter(() => uniform() < 0.4);
    builder.add({ size: columns.length, columns, values: Float64Array.from(columns, () => uniform() * 2 - 0.5) });
    classes[row] = uniform() < 0.7 ? (columns[0] ?? 0) % labels.length : row % labels.length;
  }
  return { matrix: builder.matrix(), classes, labels, weights: Float64Array.from({ length: rows }, () => 0.5 + uniform()) };
};

const watch: FitWatch = { hooks: {}, pause: async () => {}, reach: () => {} };
const exactly = { seed: 1, eps: 1e-8, maxEpochs: 50_000 };
const copied = ({ weights, biases }: LinearSolution): LinearSolution => ({ weights: weights.slice(), biases: biases.slice() });
const two = ['no', 'yes'];
const three = ['a', 'b', 'c'];

const near = (actual: Float64Array, expected: Float64Array, within: number): void =>
  actual.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < within, `${i}: ${value} is not ${expected[i]}`));

const makers: Readonly<Record<string, PathMaker>> = { oneAgainstRest, l1Path, softmaxPath };
for (const [name, makePath] of Object.entries(makers)) {
  test(`${name}: what is found on the way up is what is found at once`, async () => {
    const rows = someRows(3, three);
    const path = makePath(rows, exactly);
    for (const C of [0.1, 1, 7]) {
      const [onTheWay, atOnce] = [copied(await path(C, watch)), await makePath(rows, exactly)(C, watch)];
      near(onTheWay.weights, atOnce.weights, 1e-5);
      near(onTheWay.biases, atOnce.biases, 1e-5);
    }
  });

  test(`${name}: a seed gives the same bits`, async () => {
    const [one, other] = await Promise.all([1, 1].map(() => makePath(someRows(5, three), { ...exactly, eps: 0.01 })(2, watch)));
    assert.deepEqual(one, other);
  });
}

test('dual variables are not forced beyond lesser costs', async () => {
  const path = oneAgainstRest(someRows(3, two), exactly);
  await path(1, watch);
  await assert.rejects(path(0.5, watch), RangeError);
});

test('with an L1 penalty, slopes at the solution are held by the penalty and no greater', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.constantFrom(0.05, 0.5, 5), async (seed, C) => {
      const rows = someRows(seed, two);
      const { weights, biases } = await l1Path(rows, exactly)(C, watch);
      const features = transposeWithOnes(rows.matrix);
      const products = new Float64Array(rows.classes.length).fill(biases[0]!);
      const eachOf = (feature: number, use: (row: number, value: number) => void): void => {
        for (let i = features.begins[feature]!; i < features.begins[feature + 1]!; i++) use(features.columns[i]!, features.values[i]!);
      };
      weights.forEach((weight, feature) => eachOf(feature, (row, value) => (products[row]! += weight * value)));
      [...weights, biases[0]!].forEach((weight, feature) => {
        let slope = 0;
        eachOf(feature, (row, value) => {
          const side = rows.classes[row] === 1 ? 1 : -1;
          slope -= (C * rows.weights[row]! * side * value) / (1 + Math.exp(side * products[row]!));
        });
        const missing = weight === 0 ? Math.max(0, Math.abs(slope) - 1) : Math.abs(slope + Math.sign(weight));
        assert.ok(missing < 1e-6 * Math.max(1, C * rows.classes.length), `${feature}: ${weight}, slope ${slope}`);
      });
    }),
    { numRuns: 30 },
  );
});

test('the smaller C, the more weights an L1 penalty leaves at 0', async () => {
  const zerosAt = async (C: number) => (await l1Path(someRows(8, two), exactly)(C, watch)).weights.filter((weight) => weight === 0).length;
  assert.equal(await zerosAt(1e-6), 8);
  assert.ok((await zerosAt(0.1)) > (await zerosAt(10)));
});

test('with softmax the slope of the objective at the solution is zero', async () => {
  const rows = someRows(6, three);
  const C = 2;
  const { weights, biases } = await softmaxPath(rows, exactly)(C, watch);
  const { begins, columns, values } = rows.matrix;
  const slopes = [...weights, ...biases];
  rows.classes.forEach((own, row) => {
    const sums = biases.slice();
    for (let i = begins[row]!; i < begins[row + 1]!; i++) sums.forEach((_, k) => (sums[k]! += weights[columns[i]! * 3 + k]! * values[i]!));
    probabilitiesOf(sums, 'softmax').forEach((p, k) => {
      const pull = C * rows.weights[row]! * (p - (k === own ? 1 : 0));
      for (let i = begins[row]!; i < begins[row + 1]!; i++) slopes[columns[i]! * 3 + k]! += pull * values[i]!;
      slopes[weights.length + k]! += pull;
    });
  });
  assert.ok(Math.max(...slopes.map(Math.abs)) < 1e-6, slopes.join(' '));
});

test('what is transposed is all there, with a row of ones', () => {
  const { matrix } = someRows(2, two, { rows: 5, width: 4 });
  const { rows, width, begins, columns, values } = transposeWithOnes(matrix);
  assert.deepEqual([rows, width], [5, 5]);
  const turned = Array.from({ length: rows }, () => Array.from({ length: width }, () => 0));
  for (let row = 0; row < rows; row++) for (let i = begins[row]!; i < begins[row + 1]!; i++) turned[row]![columns[i]!] = values[i]!;
  for (let row = 0; row < matrix.rows; row++) {
    for (let i = matrix.begins[row]!; i < matrix.begins[row + 1]!; i++) {
      assert.equal(turned[matrix.columns[i]!]![row], matrix.values[i]);
      turned[matrix.columns[i]!]![row] = 0;
    }
  }
  assert.deepEqual(turned.pop(), [1, 1, 1, 1, 1]);
  assert.ok(turned.flat().every((value) => value === 0));
});
