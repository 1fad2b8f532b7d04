import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CacheKeyParts } from '@boucle/contract';
import { changesBetween, explain } from './why.ts';

const parts = (change: Partial<CacheKeyParts> = {}): CacheKeyParts => ({
  code: 'blob:a',
  inputs: { data: ['rows:1'] },
  params: { seed: 7, c: 1 },
  environment: {},
  runtime: { node: '24' },
  salt: '',
  ...change,
});
const step = { id: 's2', step: 'train', status: 'succeeded', key_parts: parts(), cached_from: null, uncached_because: null } as const;

test('each part that differs is named with both values, inputs and params one by one', () => {
  assert.deepEqual(changesBetween(parts(), parts({ params: { seed: 8, c: 1 }, inputs: { data: ['rows:2'] } })), [
    { part: 'inputs.data', before: ['rows:1'], now: ['rows:2'] },
    { part: 'params.seed', before: 7, now: 8 },
  ]);
  assert.deepEqual(changesBetween(parts(), parts({ params: { seed: 7 } })), [{ part: 'params.c', before: 1, now: null }]);
});

test('the sentence says which part, from what, to what', () => {
  const why = explain({ step: { ...step, key_parts: parts({ code: 'blob:b' }) }, earlier: { id: 's1', parts: parts(), held: true } });
  assert.deepEqual([why.verdict, why.comparedWith], ['changed', 's1']);
  assert.match(why.sentence, /train ran: code \(blob:a → blob:b\) changed since step run s1/);
});

test('a hit, a first run, an effect and lost outputs are told apart', () => {
  const verdict = (change: object, earlier?: Parameters<typeof explain>[0]['earlier']) =>
    explain({ step: { ...step, ...change }, earlier }).verdict;
  assert.equal(verdict({ status: 'cached', cached_from: 's1' }), 'cached');
  assert.equal(verdict({}), 'first');
  assert.equal(verdict({ key_parts: null, uncached_because: 'effect' }), 'uncached');
  assert.equal(verdict({ uncached_because: 'outputs_missing' }), 'outputs_missing');
  assert.equal(verdict({}, { id: 's1', parts: parts(), held: false }), 'same');
});
