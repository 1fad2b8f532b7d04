import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileTable } from './profile-table.ts';
import { folder } from './testing/folder.ts';
import { columns, foreignParquet, writeNew } from './testing/tables.ts';

test('a profile counts what stands in each column', async () => {
  await using here = await folder();
  const types = columns({
    id: 'int',
    price: { type: 'decimal', scale: 2 },
    score: 'float',
    mood: 'text',
    day: 'date',
    ok: 'bool',
    tags: { type: 'list', item: { type: 'text' } },
  });
  await writeNew(here.at('a.parquet'), types, [
    { id: 570306133677760513n, price: '1.50', score: 1, mood: 'good', day: '2024-01-02', ok: true, tags: ['a'] },
    { id: 2, price: '2.50', score: 2, mood: 'bad', day: '2024-01-01', ok: true, tags: ['a'] },
    { id: 2, price: null, score: 4.5, mood: 'bad', day: null, ok: false, tags: null },
  ]);
  const [id, price, score, mood, day, ok, tags] = await profileTable(here.at('a.parquet'));
  assert.deepEqual(id, {
    name: 'id',
    type: 'int',
    nulls: 0,
    distinct: 2,
    min: 2,
    max: '570306133677760513',
    mean: Number(570306133677760517n) / 3,
    top: [
      { value: 2, count: 2 },
      { value: '570306133677760513', count: 1 },
    ],
  });
  assert.deepEqual([price?.type, price?.nulls, price?.min, price?.max, price?.mean], ['decimal(38,2)', 1, '1.50', '2.50', 2]);
  assert.deepEqual([score?.min, score?.max, score?.mean], [1, 4.5, 2.5]);
  assert.deepEqual(
    [mood?.min, mood?.max, mood?.mean, mood?.top],
    [
      'bad',
      'good',
      null,
      [
        { value: 'bad', count: 2 },
        { value: 'good', count: 1 },
      ],
    ],
  );
  assert.deepEqual([day?.nulls, day?.distinct, day?.min, day?.max], [1, 2, '2024-01-01', '2024-01-02']);
  assert.deepEqual([ok?.distinct, ok?.top[0]], [2, { value: true, count: 2 }]);
  assert.deepEqual(
    [tags?.type, tags?.nulls, tags?.distinct, tags?.min, tags?.top],
    ['list<text>', 1, 1, null, [{ value: ['a'], count: 2 }]],
  );
});

test('NaN is shown as text, a column of nulls has no values, and a long text is cut', async () => {
  await using here = await folder();
  await writeNew(here.at('a.parquet'), columns({ score: 'float', none: 'int', text: 'text' }), [
    { score: 1, text: 'x'.repeat(1000) },
    { score: NaN },
  ]);
  const [score, none, text] = await profileTable(here.at('a.parquet'));
  assert.deepEqual([score?.max, score?.mean], ['NaN', 'NaN']);
  assert.deepEqual([none?.nulls, none?.distinct, none?.min, none?.mean, none?.top], [2, 0, null, null, []]);
  assert.equal(text?.max, `${'x'.repeat(200)}…`);
});

test('distinct values are estimated where there are very many', async () => {
  await using here = await folder();
  await foreignParquet(here.at('a.parquet'), `SELECT repeat('0', 32) AS _row, i AS id, i % 3 AS few FROM range(150000) t(i)`);
  const [id, few] = await profileTable(here.at('a.parquet'));
  assert.ok(Math.abs((id?.distinct ?? 0) - 150_000) < 15_000, String(id?.distinct));
  assert.deepEqual([id?.top, few?.distinct, few?.top[0]], [[], 3, { value: 0, count: 50_000 }]);
});
