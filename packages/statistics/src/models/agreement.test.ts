import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { agreement } from './agreement.ts';

const near = (actual: number | null | undefined, expected: number): void =>
  assert.ok(typeof actual === 'number' && Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);
const labels = ['a', 'b', 'c'];
const counts = [
  [3, 1, 0],
  [0, 2, 1],
  [1, 1, 1],
];

test('values are those of scikit-learn 1.9, and the interval of kappa that of statsmodels 0.14', () => {
  const { balancedAccuracy, matthews, kappa } = agreement({ labels, counts });
  near(balancedAccuracy.value, 0.5833333333333333);
  near(matthews.value, 0.40004734568283135);
  near(kappa.value, 0.3939393939393939);
  near(kappa.interval?.low, -0.04411469263348894);
  near(kappa.interval?.high, 0.8319934805122768);
});

test('a label that does not occur has no recall to count', () => {
  near(
    agreement({
      labels: ['a', 'b', 'never'],
      counts: [
        [1, 1, 0],
        [0, 2, 0],
        [0, 0, 0],
      ],
    }).balancedAccuracy.value,
    0.75,
  );
});

test('where nothing could disagree there is no value, and why', () => {
  const one = agreement({
    labels: ['a', 'b'],
    counts: [
      [5, 0],
      [0, 0],
    ],
  });
  assert.ok(one.matthews.value === null && one.matthews.why);
  assert.ok(one.kappa.value === null && one.kappa.why);
  const none = agreement({ labels: ['a'], counts: [[0]] });
  assert.ok(none.balancedAccuracy.value === null && none.kappa.why === 'there are no rows');
});

test('whatever the counts, values are bounded, and 1 only where all rows are right', () => {
  const table = fc.array(fc.array(fc.nat(20), { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(table, (drawn) => {
      const wrong = drawn.some((row, i) => row.some((n, j) => i !== j && n > 0));
      for (const [name, { value, interval }] of Object.entries(agreement({ labels, counts: drawn }))) {
        if (value === null) continue;
        assert.ok(value >= (name === 'balancedAccuracy' ? 0 : -1) && value <= 1);
        assert.equal(value > 1 - 1e-12, !wrong, name);
        if (interval) assert.ok(interval.low <= value && value <= interval.high);
      }
    }),
  );
});

test('what is no table is refused', () => {
  assert.throws(() => agreement({ labels: [], counts: [] }), RangeError);
  assert.throws(() => agreement({ labels: ['a'], counts: [[1, 2]] }), RangeError);
  assert.throws(() => agreement({ labels: ['a'], counts: [[0.5]] }), RangeError);
  assert.throws(() => agreement({ labels: ['a'], counts: [[1]] }, 95), RangeError);
});
