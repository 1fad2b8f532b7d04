import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distributeTable } from './distribute-table.ts';
import { folder } from './testing/folder.ts';
import { columns, foreignParquet, writeNew } from './testing/tables.ts';

test('numbers and times lie by value, texts by length, and what has no order lies nowhere', async () => {
  await using here = await folder();
  const types = columns({ n: 'int', x: 'float', text: 'text', day: 'date', ok: 'bool', none: 'int' });
  await writeNew(here.at('a.parquet'), types, [
    { n: 1, x: 0, text: 'a', day: '2024-01-01', ok: true },
    { n: 3, x: NaN, text: 'abc', day: '2024-01-25', ok: true },
    { n: 3, x: 24, text: null, day: null, ok: false },
  ]);
  const [n, x, text, day, ok, none] = await distributeTable(here.at('a.parquet'));
  assert.deepEqual(n, {
    name: 'n',
    of: 'value',
    bins: [
      { from: 1, to: 1, count: 1 },
      { from: 2, to: 2, count: 0 },
      { from: 3, to: 3, count: 2 },
    ],
  });
  assert.deepEqual([x?.bins.length, x?.bins[0], x?.bins[23]], [24, { from: 0, to: 1, count: 1 }, { from: 23, to: 24, count: 1 }]);
  assert.deepEqual([text?.of, text?.bins.map(({ count }) => count)], ['length', [1, 0, 1]]);
  assert.deepEqual([day?.of, day?.bins[0]?.from, day?.bins[23]?.count], ['time', Date.parse('2024-01-01'), 1]);
  for (const nothing of [ok, none]) assert.deepEqual([nothing?.of, nothing?.bins], [null, []]);
});

test('whatever the range, each value is counted once', async () => {
  await using here = await folder();
  const extremes = ['1.7e308', '-1.7e308', '5e-324', '0', '1e300'].map(
    (x, i) => `SELECT '${i}' AS _row, ${x}::DOUBLE AS x, 5::DOUBLE AS same`,
  );
  await foreignParquet(here.at('a.parquet'), extremes.join(' UNION ALL '));
  const [x, same] = await distributeTable(here.at('a.parquet'));
  assert.equal(
    x?.bins.reduce((sum, { count }) => sum + count, 0),
    5,
  );
  assert.ok(x?.bins.every(({ from, to }) => Number.isFinite(from) && Number.isFinite(to)));
  assert.deepEqual(same?.bins, [{ from: 5, to: 5, count: 5 }]);
});
