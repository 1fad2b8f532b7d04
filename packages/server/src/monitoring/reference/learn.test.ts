import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aPrediction } from '../../testing/a-prediction.ts';
import { emptyReference } from '../columns/column-reference.ts';
import { createPartCounts, type PartForm } from '../columns/part-counts.ts';
import { kindOf, learn, nothingLearned } from './learn.ts';

const key = { variant: 'main', mode: 'live', modelVersionId: 'm', slice: null } as const;
const windowOf = (rows: number): PartForm => {
  const columns = [
    { name: 'x', kind: 'number' },
    { name: 'route', kind: 'category' },
    { name: 'text', kind: 'text' },
  ] as const;
  const part = createPartCounts(key, { reference: emptyReference, columns, dictionaries: new Map() });
  for (let i = 0; i < rows; i++)
    part.add(aPrediction({ inputs: { x: i, route: i % 4 ? 'a' : 'b', text: 'my bag is lost'.repeat(1 + (i % 3)) } }));
  return part.form();
};

test('windows are collected until there are rows enough, and then they are the reference', () => {
  const first = learn(nothingLearned, emptyReference, [windowOf(120)]);
  assert.deepEqual([Object.keys(first.collecting), first.references], [['x', 'route', 'text'], {}]);
  const second = learn(first, emptyReference, [windowOf(120)]);
  assert.deepEqual(second.collecting, {});
  const { x, route, text } = second.references;
  assert.ok(x?.kind === 'number' && route?.kind === 'category' && text?.kind === 'text');
  assert.deepEqual([x.source, x.rows, x.low, x.high], ['first windows', 240, 0, 119]);
  assert.deepEqual(
    [route.values, route.counts],
    [
      ['a', 'b'],
      [180, 60],
    ],
  );
  assert.deepEqual([text.rows, text.vocabulary, Object.keys(text.measures)], [240, null, ['length']]);
  assert.deepEqual(learn(second, emptyReference, [windowOf(500)]), second);
});

test('the kind of a column is seen from its values', () => {
  assert.deepEqual(
    [
      [1, 2.5],
      ['a', 'b'],
      ['my bag is lost', null],
      [true, false],
      [null, undefined],
    ].map(kindOf),
    ['number', 'category', 'text', 'category', undefined],
  );
});
