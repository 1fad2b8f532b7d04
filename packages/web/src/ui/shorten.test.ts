import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortDigest, shortId } from './shorten.ts';

test('a digest keeps its kind, its start and its end', () => {
  assert.equal(shortDigest(`rows:${'4f5c21ab'}${'0'.repeat(52)}e1d2`), 'rows:4f5c21ab…e1d2');
});

test('an id without a kind is shortened the same way', () => {
  assert.equal(shortId('019c7f31aa00bb11cc22dd33ee44c6d9'), '019c7f31…c6d9');
});

test('what is short already stays whole', () => {
  assert.equal(shortDigest('v3'), 'v3');
});
