import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../random.ts';
import { rocAuc } from '../ranking-scores.ts';
import { delongTest } from './delong-test.ts';
import { areaVariance } from './delong.ts';

/** Every pair, as the paper's kernel defines it: an own way to the same numbers. */
const byPairs = (positive: readonly boolean[], first: readonly number[], second: readonly number[]) => {
  const rows = (kind: boolean) => [...positive.keys()].filter((i) => positive[i] === kind);
  const [above, below] = [rows(true), rows(false)];
  const wins = (scores: readonly number[], i: number, j: number) => (scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0);
  const gap = (i: number, j: number) => wins(first, i, j) - wins(second, i, j);
  const mean = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const over = (numbers: readonly number[]) =>
    numbers.reduce((sum, x) => sum + (x - mean(numbers)) ** 2, 0) / (numbers.length - 1) / numbers.length;
  const error = Math.sqrt(
    over(above.map((i) => mean(below.map((j) => gap(i, j))))) + over(below.map((j) => mean(above.map((i) => gap(i, j))))),
  );
  return mean(above.map((i) => mean(below.map((j) => gap(i, j))))) / error;
};

test('z is that of all pairs, ties included', () => {
  const random = createRandom(5);
  const positive = Array.from({ length: 60 }, (_, i) => i % 3 === 0);
  const scores = (): number[] => positive.map((yes) => random.integer(10) + (yes ? 3 : 0));
  const [first, second] = [scores(), scores()];
  const tested = delongTest({ positive, first, second });
  assert.ok(tested.testable);
  assert.ok(Math.abs(tested.statistic - byPairs(positive, first, second)) < 1e-12);
  const gap = rocAuc({ positive, scores: first })! - rocAuc({ positive, scores: second })!;
  assert.ok(Math.abs(tested.effect!.value - gap) < 1e-12);
});

test('models that are equally good are told apart as often as the level says', () => {
  const random = createRandom(8);
  let rejected = 0;
  for (let run = 0; run < 600; run++) {
    const positive = Array.from({ length: 60 }, (_, i) => i % 2 === 0);
    const common = positive.map((yes) => random.uniform() + (yes ? 0.4 : 0));
    const said = () => common.map((score) => score + 0.7 * random.uniform());
    const tested = delongTest({ positive, first: said(), second: said() });
    if (tested.testable && tested.pValue < 0.05) rejected++;
  }
  assert.ok(rejected / 600 > 0.02 && rejected / 600 < 0.08, `${rejected / 600}`);
});

test('a model beside one that knows nothing has the error of both, and beside itself none', () => {
  const positive = [true, false, true, true, false, false];
  const scores = [3, 1, 2, 0, 2, 1];
  const level = positive.map(() => 0);
  const tested = delongTest({ positive, first: scores, second: level });
  assert.ok(tested.testable);
  assert.ok(Math.abs(tested.effect!.value / tested.statistic - Math.sqrt(areaVariance({ positive, scores })!.variance!)) < 1e-12);
  assert.equal(delongTest({ positive, first: scores, second: scores.map((x) => 2 * x + 1) }).testable, false);
  assert.equal(delongTest({ positive: [true, true], first: [1, 2], second: [2, 1] }).testable, false);
  assert.throws(() => delongTest({ positive, first: scores, second: [1] }), RangeError);
});
