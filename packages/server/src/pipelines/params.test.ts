import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan } from '@boucle/contract';
import { resolveParams } from './params.ts';

const params = { type: 'object', properties: { seed: { type: 'integer', default: 7 }, name: { type: 'string' } }, required: ['name'] };
const plan: Plan = { format: 'boucle.plan/1', pipeline: 'training', params, inputs: {}, steps: [], outputs: {}, on: [] };

test('what is left out takes its default, and what is given is checked', () => {
  assert.deepEqual(resolveParams(plan, { name: 'x' }), { seed: 7, name: 'x' });
  assert.throws(() => resolveParams(plan, { name: 'x', seed: 'seven' }), {
    reason: 'invalid_param',
    message: /seed of pipeline training must be integer/,
  });
  assert.throws(() => resolveParams(plan, {}), { reason: 'invalid_param' });
});

test('a parameter that does not exist is refused, with those that do', () => {
  assert.throws(() => resolveParams(plan, { name: 'x', sed: 1 }), {
    reason: 'unknown_param',
    message: /no parameter "sed"; it has: seed, name/,
  });
  // A name that every object knows is no parameter either.
  assert.throws(() => resolveParams(plan, { name: 'x', constructor: 1 }), { reason: 'unknown_param' });
});
