import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeCursor, pageOf } from './page.ts';

const cursorAt = (position: readonly (string | number)[]): string =>
  pageOf([1, 2], 1, { item: (row) => row, at: () => position }).nextCursor!;

test('a page has as many rows as were asked for, and a cursor only where there are more', () => {
  const at = (row: number) => [row];
  assert.deepEqual(pageOf([1, 2], 2, { item: String, at }), { items: ['1', '2'], nextCursor: null });
  const { items, nextCursor } = pageOf([1, 2, 3], 2, { item: String, at });
  assert.deepEqual([items, decodeCursor(nextCursor!, ['number'])], [['1', '2'], [2]]);
});

test('a cursor comes back as the position it was made of', () => {
  const text = fc.string({ unit: 'grapheme' }).filter((one) => !one.includes('\0'));
  const position = fc.tuple(text, fc.integer({ min: 1 - 2 ** 31, max: 2 ** 31 - 1 }), fc.maxSafeInteger());
  fc.assert(fc.property(position, (some) => assert.deepEqual(decodeCursor(cursorAt(some), ['string', 'number', 'point']), some)));
});

test('what no list gave, or another list, is refused', () => {
  const refused = [cursorAt(['a', 1]), cursorAt([1]), cursorAt(['a\0']), cursorAt([]), 'not base64 of JSON', ''];
  for (const cursor of refused) assert.throws(() => decodeCursor(cursor, ['string']), { reason: 'unknown_cursor' });
  assert.throws(() => decodeCursor(cursorAt([2 ** 31]), ['number']), { reason: 'unknown_cursor' });
  assert.throws(() => decodeCursor(cursorAt([1.5]), ['point']), { reason: 'unknown_cursor' });
  for (const wide of ['1n', '', '1e3', '9'.repeat(20)])
    assert.throws(() => decodeCursor(cursorAt([wide]), ['wide']), { reason: 'unknown_cursor' });
});
