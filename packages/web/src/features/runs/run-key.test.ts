import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultColumns, nextSort, orderOf, parseKey, parseSort, wantedOf, writeSort } from './run-key.ts';
import { runsSearch } from './runs-search.ts';

test('a key is a group and a name, and a name may have dots and spaces', () => {
  assert.deepEqual(parseKey('metrics.val.f1 macro'), { group: 'metrics', name: 'val.f1 macro' });
  for (const none of ['f1', 'metrics.', '.f1', 'attributes.made_up', 'models.a', '']) assert.equal(parseKey(none), undefined);
});

test('an order is written into the address and read again; one that makes no sense is the newest first', () => {
  for (const text of ['-metrics.f1', 'params.C', 'attributes.start_time']) assert.equal(writeSort(parseSort(text)), text);
  for (const text of [undefined, '-attributes.start_time', 'attributes.duration', 'nonsense', '-'])
    assert.equal(writeSort(parseSort(text)), undefined);
});

test('a second click turns an order about', () => {
  const first = nextSort(parseSort(undefined), 'metrics.f1');
  assert.deepEqual([first.isDescending, nextSort(first, 'metrics.f1').isDescending], [true, false]);
  assert.equal(nextSort(first, 'params.C').isDescending, false);
});

test('any sign of a key reaches the server as part of its name, and groups come before the order', () => {
  assert.deepEqual(orderOf(parseSort('-metrics.a `b`'), 'params.x y'), ['params.`x y`', 'metrics.`a ``b``` DESC']);
  assert.deepEqual(orderOf(parseSort('params.x'), 'params.x'), ['params.`x` ASC']);
});

test('what travels is what is shown', () => {
  assert.deepEqual(wantedOf(['metrics.b', 'metrics.a', 'attributes.status', 'nonsense'], 'params.C'), {
    metrics: ['a', 'b'],
    params: ['C'],
    tags: [],
  });
});

test('without a choice the first metrics and params stand there, and not what the system used', () => {
  assert.deepEqual(defaultColumns(['system/cpu', 'f1'], ['C']), ['attributes.start_time', 'attributes.duration', 'metrics.f1', 'params.C']);
});

test('of an address only texts are taken', () => {
  assert.deepEqual(runsSearch({ q: 5, sort: ['a'], columns: { a: 1 }, experiments: 3, more: 'x' }), { q: '5', experiments: '3' });
});
