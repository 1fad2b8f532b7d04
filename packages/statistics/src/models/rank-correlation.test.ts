import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '../random.ts';
import { kendall, spearman } from './rank-correlation.ts';

const near = (actual: number | null, expected: number, tolerance = 1e-12): void =>
  assert.ok(actual !== null && Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

test('values are those of SciPy 1.17, ties included', () => {
  const x = [1, 2, 2, 4, 5, 6, 7.5, 3];
  const y = [2, 1, 4, 4, 6, 3, 9, 2];
  near(kendall(x, y).value, 0.5661385170722979);
  near(spearman(x, y).value, 0.6848610627612816);
});

const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 })), { maxLength: 30 });

test('tau counts pairs, whatever the ties', () => {
  fc.assert(
    fc.property(pairs, (rows) => {
      let [score, freeX, freeY] = [0, 0, 0];
      for (const [i, [x, y]] of rows.entries()) {
        for (const [a, b] of rows.slice(0, i)) {
          score += Math.sign(x - a) * Math.sign(y - b);
          freeX += x === a ? 0 : 1;
          freeY += y === b ? 0 : 1;
        }
      }
      const { value } = kendall(
        rows.map(([x]) => x),
        rows.map(([, y]) => y),
      );
      if (freeX === 0 || freeY === 0) assert.equal(value, null);
      else near(value, score / Math.sqrt(freeX * freeY));
    }),
  );
});

test('both turn their sign with one side, and depend on order alone', () => {
  fc.assert(
    fc.property(pairs, (rows) => {
      const [x, y] = [rows.map(([a]) => a), rows.map(([, b]) => b)];
      for (const correlation of [kendall, spearman]) {
        const { value, interval, why } = correlation(x, y);
        if (value === null || interval === null) assert.ok(why);
        if (value === null) continue;
        assert.ok(Math.abs(value) <= 1);
        near(correlation(x.map(Math.exp), y).value, value);
        near(
          correlation(
            x.map((a) => -a),
            y,
          ).value,
          -value,
        );
      }
    }),
  );
});

test('intervals of independent values hold 0 about as often as they say', () => {
  const random = createRandom(3);
  for (const correlation of [kendall, spearman]) {
    let held = 0;
    for (let run = 0; run < 400; run++) {
      const [x, y] = [0, 1].map(() => Array.from({ length: 30 }, random.uniform)) as [number[], number[]];
      const { low, high } = correlation(x, y).interval!;
      if (low <= 0 && 0 <= high) held++;
    }
    assert.ok(held / 400 > 0.92 && held / 400 < 0.98, `${held / 400}`);
  }
});

test('too few rows or no order give no value or interval, and why', () => {
  assert.ok(kendall([1], [1]).why);
  assert.equal(spearman([1, 1, 1], [1, 2, 3]).value, null);
  assert.deepEqual(spearman([1, 2, 3, 4, 5], [2, 4, 6, 8, 10]).interval, null);
  assert.equal(kendall([1, 2, 3], [1, 3, 2]).why, 'there are too few rows for an interval');
  assert.throws(() => kendall([1], []), RangeError);
  assert.throws(() => spearman([NaN], [1]), RangeError);
  assert.throws(() => spearman([1], [1], 2), RangeError);
});
