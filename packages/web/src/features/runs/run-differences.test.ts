import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differencesOf, numbersOf, placesOf } from './run-differences.ts';

const runs = [
  { params: { C: '1', penalty: 'l2', seed: '7' }, metrics: { f1: 0.8, loss: 'NaN' as const, 'system/cpu': 3 } },
  { params: { C: '10', penalty: 'l1', seed: '7' }, metrics: { f1: 0.9, loss: 0.1 } },
  { params: { C: '100', seed: '7' }, metrics: { f1: 0.7, loss: 0.3 } },
];

test('a param that one run lacks differs, and one that all have alike does not', () => {
  assert.deepEqual(
    differencesOf(runs, 'params').map(({ key, isEqual }) => [key, isEqual]),
    [
      ['C', false],
      ['penalty', false],
      ['seed', true],
    ],
  );
});

test('what the system used is no result', () => {
  assert.deepEqual(
    differencesOf(runs, 'metrics').map(({ key }) => key),
    ['f1', 'loss'],
  );
});

test('numbers are metrics, and params that are nothing else; what is not finite has no place', () => {
  assert.deepEqual(
    numbersOf(runs).map(({ id, values }) => [id, values]),
    [
      ['metrics.f1', [0.8, 0.9, 0.7]],
      ['metrics.loss', [undefined, 0.1, 0.3]],
      ['params.C', [1, 10, 100]],
    ],
  );
});

test('places lie between the least and the most', () => {
  assert.deepEqual(placesOf({ values: [1, undefined, 3, 2] }), [0, undefined, 1, 0.5]);
  assert.deepEqual(placesOf({ values: [4, 4] }), [0.5, 0.5]);
});
