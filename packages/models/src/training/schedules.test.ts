import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constant, cosine, linear, shareOfRate } from './schedules.ts';

const shares = (schedule: Parameters<typeof shareOfRate>[0], updates: readonly number[]): number[] =>
  updates.map((done) => Math.round(1e6 * shareOfRate(schedule, done)) / 1e6);

test('a constant rate is constant', () => assert.deepEqual(shares(constant(), [0, 1, 1e9]), [1, 1, 1]));

test('a linear schedule warms up, falls on a line and stays at 0', () =>
  assert.deepEqual(shares(linear({ warmUp: 4, total: 14 }), [0, 1, 4, 9, 14, 20]), [0, 0.25, 1, 0.5, 0, 0]));

test('a cosine falls slowly, fast, slowly', () =>
  assert.deepEqual(shares(cosine({ total: 12 }), [0, 4, 6, 8, 12, 99]), [1, 0.75, 0.5, 0.25, 0, 0]));

test('a schedule that is all warm-up ends at its full rate and then at 0', () =>
  assert.deepEqual(shares(linear({ warmUp: 2, total: 2 }), [0, 1, 2, 3]), [0, 0.5, 1, 0]));

test('spans that make no sense are refused', () => {
  for (const span of [{ total: 0 }, { total: 2, warmUp: 3 }, { total: 1.5 }, { total: 5, warmUp: -1 }]) {
    assert.throws(() => linear(span), { reason: 'bad_option' });
    assert.throws(() => cosine(span), { reason: 'bad_option' });
  }
});
