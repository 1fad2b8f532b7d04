import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findRows, sampleRows } from './sample-rows.ts';
import { folder } from './testing/folder.ts';
import { columns, readAll, writeNew } from './testing/tables.ts';

const types = columns({
  id: 'int',
  score: 'float',
  at: 'timestamp',
  raw: 'bytes',
  pair: { type: 'struct', fields: [{ name: 'a', type: { type: 'int' } }] },
});

test('rows are ready for JSON', async () => {
  await using here = await folder();
  await writeNew(here.at('a.parquet'), types, [
    { id: 570306133677760513n, score: NaN, at: new Date('2024-01-01T10:00:00.5Z'), raw: Buffer.from('hi'), pair: { a: 2n ** 60n } },
    { id: 7, score: -0, at: null },
  ]);
  const rows = (await sampleRows(here.at('a.parquet'), { offset: 0, limit: 10 })).map(({ _row, ...rest }) => rest);
  assert.deepEqual(rows, JSON.parse(JSON.stringify(rows)));
  assert.deepEqual(rows, [
    { id: '570306133677760513', score: 'NaN', at: '2024-01-01T10:00:00.5Z', raw: 'aGk=', pair: { a: '1152921504606846976' } },
    { id: 7, score: 0, at: null, raw: null, pair: null },
  ]);
});

test('a page is a part of the file in its order', async () => {
  await using here = await folder();
  await writeNew(
    here.at('a.parquet'),
    columns({ n: 'int' }),
    Array.from({ length: 5000 }, (_, n) => ({ n })),
  );
  const page = async (offset: number, limit: number) => (await sampleRows(here.at('a.parquet'), { offset, limit })).map(({ n }) => n);
  assert.deepEqual(await page(4998, 10), [4998, 4999]);
  assert.deepEqual(await page(2047, 2), [2047, 2048]);
  assert.deepEqual(await page(9000, 2), []);
  await assert.rejects(async () => sampleRows(here.at('a.parquet'), { offset: -1, limit: 1 }), { reason: 'bad_page' });
});

test('rows are found by identity in the order asked for, and what is not there is left out', async () => {
  await using here = await folder();
  await writeNew(
    here.at('a.parquet'),
    columns({ n: 'int' }),
    Array.from({ length: 10 }, (_, n) => ({ n })),
  );
  const ids = (await readAll(here.at('a.parquet'))).map(({ _row }) => String(_row));
  const found = await findRows(here.at('a.parquet'), [ids[7] ?? '', "nobody' OR true", ids[2] ?? '']);
  assert.deepEqual(found, [
    { _row: ids[7], n: 7 },
    { _row: ids[2], n: 2 },
  ]);
});
