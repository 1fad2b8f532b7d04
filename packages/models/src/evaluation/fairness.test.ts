import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '@boucle/statistics';
import { fairness } from './fairness.ts';

/** Rows of a group as [actual, predicted] pairs, so many of each. */
const rowsOf = (group: string, { tp, fn, fp, tn }: Record<'tp' | 'fn' | 'fp' | 'tn', number>) => [
  ...Array.from({ length: tp }, () => ({ group, actual: 'yes', predicted: 'yes' })),
  ...Array.from({ length: fn }, () => ({ group, actual: 'yes', predicted: 'no' })),
  ...Array.from({ length: fp }, () => ({ group, actual: 'no', predicted: 'yes' })),
  ...Array.from({ length: tn }, () => ({ group, actual: 'no', predicted: 'no' })),
];
const judge = (rows: ReturnType<typeof rowsOf>) =>
  fairness({
    actual: rows.map(({ actual }) => actual),
    predicted: rows.map(({ predicted }) => predicted),
    positive: 'yes',
    column: 'group',
    groups: rows.map(({ group }) => group),
  });

test('differences are those between the groups that are furthest apart', () => {
  const { groups, demographicParity, equalOpportunity, equalizedOdds } = judge([
    ...rowsOf('a', { tp: 40, fn: 10, fp: 20, tn: 30 }),
    ...rowsOf('b', { tp: 30, fn: 20, fp: 5, tn: 45 }),
    ...rowsOf('c', { tp: 35, fn: 15, fp: 10, tn: 40 }),
  ]);
  assert.deepEqual(
    groups.map(({ selection }) => selection.value),
    [0.6, 0.35, 0.45],
  );
  assert.ok(Math.abs(demographicParity.value! - 0.25) < 1e-12);
  assert.ok(Math.abs(equalOpportunity.value! - 0.2) < 1e-12);
  assert.ok(Math.abs(equalizedOdds.value! - 0.3) < 1e-12);
  assert.deepEqual(demographicParity.between, ['a', 'b']);
  for (const { value, interval } of [demographicParity, equalOpportunity, equalizedOdds]) {
    assert.ok(interval!.low <= value! && value! <= interval!.high);
  }
});

test('a difference that is not there is inside its interval as often as the interval says, over five groups', () => {
  const random = createRandom(4);
  let held = 0;
  for (let run = 0; run < 300; run++) {
    const rows = Array.from({ length: 400 }, () => ({
      group: String(random.integer(5)),
      actual: random.uniform() < 0.5 ? 'yes' : 'no',
      predicted: random.uniform() < 0.4 ? 'yes' : 'no',
    }));
    if (judge(rows).demographicParity.interval!.low === 0) held++;
  }
  assert.ok(held / 300 > 0.94, `${held / 300}`);
});

test('one group, or none with the rate, leaves no difference', () => {
  const { equalOpportunity, demographicParity } = judge([
    ...rowsOf('a', { tp: 0, fn: 0, fp: 2, tn: 3 }),
    ...rowsOf('b', { tp: 1, fn: 1, fp: 0, tn: 0 }),
  ]);
  assert.equal(equalOpportunity.value, null);
  assert.ok(demographicParity.value !== null);
  assert.throws(() => judge(Array.from({ length: 60 }, (_, i) => ({ group: String(i), actual: 'yes', predicted: 'no' }))), RangeError);
});
