import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../platform/index.ts';
import { runName } from './run-name.ts';

test('an id has one name, which people can say, and few ids share it', () => {
  const ids = Array.from({ length: 2000 }, () => newId());
  const names = ids.map(runName);
  assert.deepEqual(names, ids.map(runName));
  for (const name of names) assert.match(name, /^[a-z]+-[a-z]+-\d{1,3}$/);
  assert.ok(new Set(names).size > 1980);
});
