import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareTables } from './compare-tables.ts';
import { ingest } from './ingest.ts';
import { folder } from './testing/folder.ts';

const compare = async (before: string, now: string, key: readonly string[] = []) => {
  await using here = await folder();
  await ingest(await here.file('a.csv', before), here.at('a.parquet'), { key });
  await ingest(await here.file('b.csv', now), here.at('b.parquet'), { key });
  return await compareTables(here.at('a.parquet'), here.at('b.parquet'));
};

test('by its key a row is followed: it came, went, changed or stayed', async () => {
  const { examples, ...counts } = await compare('id,text,n\n1,late,1\n2,lost,2\n3,same,3\n', 'id,text,n\n3,same,3\n4,new,4\n1,later,1\n', [
    'id',
  ]);
  assert.deepEqual(counts, { added: 1, removed: 1, changed: 1, same: 1 });
  assert.deepEqual(examples.changed[0]?.columns, [{ name: 'text', before: 'late', now: 'later' }]);
  assert.deepEqual(examples.added[0]?.columns, [
    { name: 'id', value: 4 },
    { name: 'text', value: 'new' },
    { name: 'n', value: 4 },
  ]);
  assert.equal(examples.removed[0]?.columns[1]?.value, 'lost');
});

test('without a key a changed row is one that went and one that came, and equal rows are counted', async () => {
  const { examples, ...counts } = await compare('text\na\na\nb\n', 'text\na\na\na\nc\n');
  assert.deepEqual(counts, { added: 2, removed: 1, changed: 0, same: 2 });
  assert.equal(examples.changed.length, 0);
});

test('columns that are not in both, or have another type, do not make a row another', async () => {
  const { examples, ...counts } = await compare('id,old,n\n1,x,1\n', 'id,new,n\n1,y,1.5\n', ['id']);
  assert.deepEqual(counts, { added: 0, removed: 0, changed: 0, same: 1 });
  assert.deepEqual(examples, { added: [], removed: [], changed: [] });
});

test('of many rows a few are shown, each cut to what a person reads', async () => {
  const rows = Array.from({ length: 500 }, (_, i) => `${i},${'x'.repeat(2000)}\n`).join('');
  const { added, examples } = await compare('id,text\n0,a\n', `id,text\n${rows}`, ['id']);
  assert.deepEqual([added, examples.added.length], [499, 10]);
  assert.equal(examples.added[0]?.columns[1]?.value, `${'x'.repeat(300)}…`);
});
