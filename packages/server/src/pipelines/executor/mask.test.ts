import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMask } from './mask.ts';

test('a secret is hidden wherever it stands', () => {
  const mask = createMask(['hunter2']);
  assert.equal(mask('hunter2 and hunter2, not hunter'), '*** and ***, not hunter');
});

test('the longer of two that begin alike is hidden whole', () => {
  assert.equal(createMask(['abcd', 'abcdefgh'])('abcdefgh'), '***');
});

test('a key of several lines is hidden line by line, and as JSON writes it', () => {
  const key = '-----BEGIN-----\nMIIEow\n-----END-----';
  const mask = createMask([key]);
  assert.equal(mask('MIIEow'), '***');
  assert.equal(mask(JSON.stringify({ key })), '{"key":"***"}');
});

test('what is too short to be a secret hides nothing', () => {
  assert.equal(createMask(['', '1', 'abc'])('1 abc'), '1 abc');
});
