import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pipelineRunRunOf } from './attempt-run.ts';

const logged = (params: Record<string, unknown>) =>
  pipelineRunRunOf({ pipeline: 'training', number: 1, params, inputs: {}, correlation_id: 'c' }).params;

test('a param with fields is logged field by field, unless no Run takes their names', () => {
  assert.deepEqual(logged({ C: 1, search: { depth: 3, rate: 0.1 } }), { C: '1', 'search.depth': '3', 'search.rate': '0.1' });
  assert.deepEqual(logged({ search: { '../../etc': 3 } }), { search: '{"../../etc":3}' });
  assert.deepEqual(logged({ search: {} }), { search: '{}' });
});

test('a text with a NUL character is logged as JSON writes it', () => {
  assert.deepEqual(logged({ mark: 'a\0b' }), { mark: '"a\\u0000b"' });
});
