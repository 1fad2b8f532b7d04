import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from './ids.ts';

test('an id is a UUIDv7 without hyphens, and begins with its time', () => {
  const now = Date.now() + 1000;
  const id = newId(now);
  assert.match(id, /^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  assert.equal(Number.parseInt(id.slice(0, 12), 16), now);
});

test('ids are in the order of their making, also many in one millisecond and when the clock goes back', () => {
  const now = Date.now() + 2000;
  const ids = Array.from({ length: 10_000 }, (_, i) => newId(now - i));
  assert.deepEqual(ids.toSorted(), ids);
});

test('no random part comes again', () => {
  const random = Array.from({ length: 20_000 }, () => newId().slice(17));
  assert.equal(new Set(random).size, random.length);
});
