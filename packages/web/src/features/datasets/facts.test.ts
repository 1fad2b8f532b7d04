import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ColumnProfile } from '@boucle/contract';
import { createFormat } from '../../i18n/format.ts';
import { binText } from './bin-label.ts';
import { shortCell } from './cell-text.ts';
import { pictureOf } from './picture-of.ts';
import { datasetVersionSearch } from './search.ts';

const profile = (facts: Partial<ColumnProfile>): ColumnProfile => ({
  name: 'a',
  type: 'text',
  nulls: 0,
  distinct: 2,
  min: null,
  max: null,
  mean: null,
  top: [
    { value: 'x', count: 6 },
    { value: 'y', count: 4 },
  ],
  ...facts,
});
const bins = [{ from: 0, to: 1, count: 10 }];

test('a column of few names shows them, one of numbers or long texts its bins, an empty one nothing', () => {
  assert.deepEqual(pictureOf(profile({}), { name: 'a', of: 'length', bins }, 10), { kind: 'categories', others: 0 });
  assert.deepEqual(pictureOf(profile({ distinct: 900 }), { name: 'a', of: 'length', bins }, 1000), { kind: 'bins' });
  assert.deepEqual(pictureOf(profile({ type: 'int' }), { name: 'a', of: 'value', bins }, 10), { kind: 'bins' });
  assert.deepEqual(pictureOf(profile({ nulls: 10, top: [] }), { name: 'a', of: null, bins: [] }, 10), { kind: 'none' });
});

test('a bin of one whole number is that number, and times are days', () => {
  const f = createFormat('en-GB');
  assert.equal(binText({ from: 3, to: 3, count: 1 }, 'value', f), '3');
  assert.equal(binText({ from: 0, to: 0.25, count: 1 }, 'value', f), '0 – 0.25');
  assert.equal(binText({ from: 0, to: 86_400_000, count: 1 }, 'time', f), '1970-01-01 – 1970-01-02');
});

test('a long cell is cut between characters', () => {
  assert.equal(shortCell('ab😀cd', 3), 'ab…');
  assert.equal(shortCell({ a: [1] }, 100), '{"a":[1]}');
});

test('an address with anything in it opens the page', () => {
  assert.deepEqual(datasetVersionSearch({ from: '26', against: 2, column: 7 }), { from: 26, against: 2, column: '7' });
  assert.deepEqual(datasetVersionSearch({ from: -1, against: 'x', column: { a: 1 }, more: 1 }), {});
});
