import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oddityOf } from './plain-json.ts';

const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

test('a number that became Infinity is refused, wherever it stands', () => {
  assert.equal(oddityOf(JSON.parse('{"a":[{"b":1e999}]}'))?.reason, 'number_too_large');
  assert.equal(oddityOf(JSON.parse('{"a":[{"b":-1e308}]}')), undefined);
});

test('lists in lists are refused where they would end the stack of whoever walks them', () => {
  assert.equal(oddityOf(nested(100)), undefined);
  assert.equal(oddityOf(nested(101))?.reason, 'too_deep');
  assert.equal(oddityOf(nested(5000))?.reason, 'too_deep');
});
