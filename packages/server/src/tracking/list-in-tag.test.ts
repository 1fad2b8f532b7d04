import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withItem } from './list-in-tag.ts';

test('one more comes last, once', () => {
  assert.equal(withItem(undefined, { a: 1 }), '[{"a":1}]');
  assert.equal(withItem('[{"a":1}]', { a: 2 }), '[{"a":1},{"a":2}]');
  assert.equal(withItem('[ {"a":1} ]', { a: 1 }), '[ {"a":1} ]');
});

test('what is no list begins anew, and none grows without end', () => {
  for (const json of ['', 'x', '{}', 'null']) assert.equal(withItem(json, 1), '[1]');
  assert.throws(() => withItem('[]', 'x'.repeat(1_000_000)), { reason: 'list_too_long' });
});
