import assert from 'node:assert/strict';
import { test } from 'node:test';
import { id, intoLists, intoPairs, jsonOrText, predictionId, wholeNumber } from './arguments.ts';

test('pairs gather by name; the first = divides', () => {
  assert.deepEqual(intoPairs('b=x=y', intoPairs('a=1', intoPairs('a=0'))), { a: '1', b: 'x=y' });
  assert.deepEqual(intoLists('a=2', intoLists('a=1')), { a: ['1', '2'] });
  assert.throws(() => intoPairs('=x'), /name=value/);
  assert.throws(() => intoPairs('x'), /name=value/);
});

test('a value is JSON where it can be, and text where not', () => {
  assert.deepEqual(['7', 'true', '["a"]', 'late again', '7up'].map(jsonOrText), [7, true, ['a'], 'late again', '7up']);
});

test('ids and numbers are held against their form', () => {
  assert.equal(id('0'.repeat(32)), '0'.repeat(32));
  assert.equal(predictionId(`${'0'.repeat(32)}.12`), `${'0'.repeat(32)}.12`);
  assert.equal(wholeNumber('12'), 12);
  assert.throws(() => id('latest'), /32 hexadecimal digits/);
  assert.throws(() => predictionId('0'.repeat(32)), /number of its row/);
  for (const wrong of ['0', '-1', '1.5', 'x', '']) assert.throws(() => wholeNumber(wrong), /whole number/);
});
