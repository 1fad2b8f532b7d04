import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeclaredDataset } from '@boucle/contract';
import { ingestPlan } from './ingest-plan.ts';

const declared: DeclaredDataset = {
  name: 'tweets',
  source: 'data/tweets.csv',
  key: ['id'],
  columns: [
    { name: 'id', type: { type: 'text' } },
    { name: 'mood', from: 'sentiment', type: { type: 'text' }, values: ['bad', 'good'], optional: true },
  ],
  others: 'drop',
  expect: [],
  personal: [],
};

test('nothing said and nothing declared reads the file as it is', () => {
  assert.deepEqual(ingestPlan({}, undefined), { source: '', reading: { key: [] } });
});

test('what is declared is used as it stands', () => {
  assert.deepEqual(ingestPlan({}, declared), {
    source: 'data/tweets.csv',
    reading: {
      key: ['id'],
      declared: {
        columns: declared.columns,
        others: 'drop',
      },
    },
  });
});

test('what the sender says goes first, field by field', () => {
  const { reading, source } = ingestPlan({ key: [], others: 'refuse', format: 'tsv', encoding: 'latin1', source: 'mine.tsv' }, declared);
  assert.deepEqual(
    [source, reading.key, reading.declared?.others, reading.format, reading.encoding],
    ['mine.tsv', [], 'refuse', 'tsv', 'latin1'],
  );
  const columns = [{ name: 'only', type: { type: 'int' as const } }];
  assert.deepEqual(ingestPlan({ columns }, declared).reading.declared?.columns, columns);
});

test('columns that no table can have are refused', () => {
  const columns = [{ name: '_row', type: { type: 'text' as const } }];
  assert.throws(() => ingestPlan({ columns }, undefined), { code: 'invalid_request', reason: 'reserved_column' });
});
