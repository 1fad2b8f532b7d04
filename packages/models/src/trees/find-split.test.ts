import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { binTable, type FeatureBins } from './binned-table.ts';
import { findSplit, type SplitOptions } from './find-split.ts';

const options: SplitOptions = { lambda: 0.5, minRows: 1, minWeight: 0, minGain: 0 };

/** Splits rows by a feature, where every row weighs 1 in the second derivative, as with squared error. */
const split = (
  [kind, values]: readonly ['number' | 'category', readonly number[]],
  gradients: readonly number[],
  changed: Partial<SplitOptions> = {},
) => {
  const column = Float32Array.from(values);
  const table = binTable([{ kind, values: () => column }], column.length, { maxBins: 255, seed: 1, slots: 1 });
  const [bins] = table.features as [FeatureBins];
  const cells = table.binsOf(0, column);
  const sums = { gradients: new Float64Array(256), hessians: new Float64Array(256) };
  for (const [row, cell] of cells.entries()) {
    sums.gradients[cell]! += gradients[row]!;
    sums.hessians[cell]!++;
  }
  const total = { gradient: gradients.reduce((a, b) => a + b, 0), hessian: values.length, rows: values.length };
  const found = findSplit({ feature: 3, bins, sums, total }, { ...options, ...changed });
  return { found, limit: found && bins.limits[found.bin - 1] };
};

/** The gain of every division in two that `allowed` lists, by its definition. */
const bestGain = (gradients: readonly number[], divisions: readonly (readonly boolean[])[], { lambda, minRows }: SplitOptions): number => {
  const score = (rows: readonly number[]): number => rows.reduce((a, b) => a + b, 0) ** 2 / (rows.length + lambda);
  const gains = divisions.map((left) => {
    const [lower, upper] = [gradients.filter((_, row) => left[row]), gradients.filter((_, row) => !left[row])];
    if (lower.length < Math.max(1, minRows) || upper.length < Math.max(1, minRows)) return 0;
    return score(lower) + score(upper) - score(gradients);
  });
  return Math.max(0, ...gains);
};

const near = (found: number, wanted: number): void => assert.ok(Math.abs(found - wanted) <= 1e-9 * (1 + wanted), `${found}, not ${wanted}`);

const tables = fc.array(fc.tuple(fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant(Number.NaN)), fc.integer({ min: -20, max: 20 })), {
  minLength: 2,
  maxLength: 14,
});

test('the split of a number is the best of all limits and sides for the missing', () => {
  fc.assert(
    fc.property(tables, fc.integer({ min: 1, max: 3 }), (rows, minRows) => {
      const values = rows.map(([value]) => value);
      const gradients = rows.map(([, gradient]) => gradient);
      const divisions = [...values, Infinity].flatMap((limit) => [
        values.map((value) => value <= limit),
        values.map((value) => value <= limit || Number.isNaN(value)),
      ]);
      const { found } = split(['number', values], gradients, { minRows });
      near(found?.gain ?? 0, bestGain(gradients, divisions, { ...options, minRows }));
    }),
  );
});

test('the split of a few categories is the best of all subsets', () => {
  const few = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: -20, max: 20 })), { minLength: 2, maxLength: 14 });
  fc.assert(
    fc.property(few, (rows) => {
      const codes = rows.map(([code]) => code);
      const gradients = rows.map(([, gradient]) => gradient);
      const subsets = Array.from({ length: 16 }, (_, set) => codes.map((code) => ((set >> code) & 1) === 1));
      // Sorting finds the best subset where the penalty does not outweigh small categories: Fisher's theorem has none.
      const { found } = split(['category', codes], gradients, { lambda: 0 });
      near(found?.gain ?? 0, bestGain(gradients, subsets, { ...options, lambda: 0 }));
    }),
  );
});

test('among many categories the rare ones stay on the right', () => {
  const codes = Array.from({ length: 105 }, (_, row) => (row < 100 ? 1 + (row % 5) : 6));
  const gradients = codes.map((code) => (code === 6 ? -3 : code <= 2 ? -1 : 1));
  const { found } = split(['category', codes], gradients);
  assert.deepEqual(found?.codes, [3, 4, 5]);
});

test('missing numbers go where they lower the loss; where none is missing, with the greater part', () => {
  const withMissing = split(['number', [1, 2, 3, Number.NaN]], [-1, -1, 1, -1]);
  assert.deepEqual([withMissing.found?.missingLeft, withMissing.limit], [true, 2.5]);
  assert.equal(split(['number', [1, 2, 3]], [-1, -1, 1]).found?.missingLeft, true);
  assert.equal(split(['number', [1, 2, 3]], [-1, 1, 1]).found?.missingLeft, false);
  const alone = split(['number', [1, 2, Number.NaN, Number.NaN]], [1, 1, -1, -1]);
  assert.deepEqual([alone.found?.missingLeft, alone.limit], [false, undefined]);
});

test('nothing is split where nothing is gained', () => {
  assert.equal(split(['number', [1, 2, 3]], [0, 0, 0]).found, undefined);
  assert.equal(split(['number', [1, 1, 1]], [3, -2, 1]).found, undefined);
  assert.equal(split(['number', [1, 2]], [-1, 1], { minGain: 100 }).found, undefined);
  assert.equal(split(['number', [1, 2]], [-1, 1], { minWeight: 2 }).found, undefined);
});
