import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CacheKeyParts } from '@boucle/contract';
import { cacheKeyOf, seedOf } from './cache-key.ts';

const parts: CacheKeyParts = {
  code: 'blob:1',
  inputs: { data: ['rows:1', 'rows:2'] },
  params: { seed: 7, stratify: 'label' },
  environment: {},
  runtime: { node: '24' },
  salt: '',
};

test('every part counts, the order of names does not', () => {
  const others: CacheKeyParts[] = [
    { ...parts, code: 'blob:2' },
    { ...parts, inputs: { data: ['rows:2', 'rows:1'] } },
    { ...parts, params: { seed: 7 } },
    { ...parts, environment: { TZ: 'UTC' } },
    { ...parts, runtime: { node: '25' } },
    { ...parts, salt: 'again' },
  ];
  assert.equal(new Set([parts, ...others].map(cacheKeyOf)).size, 7);
  assert.equal(cacheKeyOf({ ...parts, params: { stratify: 'label', seed: 7 } }), cacheKeyOf(parts));
  assert.match(seedOf(cacheKeyOf(parts)), /^[0-9a-f]{64}$/);
});
