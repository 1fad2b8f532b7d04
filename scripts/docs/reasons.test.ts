import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, reasonsOf } from './reasons.ts';

const shared = parse(
  'packages/contract/src/errors.ts',
  'export const invalid = (message: string, reason: string) => new AppError(message, { reason });',
);
const found = (text: string) => [...reasonsOf([shared, parse('a.ts', text)]).keys()].sort();

test('a reason is found where it is a property, whatever way it is written', () => {
  assert.deepEqual(found("throw new AppError('conflict', 'x', { reason: 'one' });"), ['one']);
  assert.deepEqual(found("const all = { 13: 'full', 8: 'read_only' }; const fault = all[code]; f({ reason: fault });"), [
    'full',
    'read_only',
  ]);
  assert.deepEqual(found("f({ reason: isFull ? 'full' : (known ?? 'other') });"), ['full', 'other']);
});

test('a reason is found where it is handed to a function that takes one', () => {
  assert.deepEqual(found("invalid('x', 'shared');"), ['shared']);
  assert.deepEqual(found("const broken = (reason: string) => f({ reason }); broken('off');"), ['off']);
  assert.deepEqual(found("class A { #refuse(what: string, reason: string) {} run() { this.#refuse('x', 'private'); } }"), ['private']);
});

test('other texts are no reasons', () => {
  assert.deepEqual(found("f('not_one'); g({ code: 'nor_this' });"), []);
});
