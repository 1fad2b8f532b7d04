import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { findRows } from './sample-rows.ts';
import { digestTable } from './digest-table.ts';
import { openTable } from './table-file.ts';
import { createTableWriter } from './table-writer.ts';
import { folder } from './testing/folder.ts';
import { columns, readAll, writeNew } from './testing/tables.ts';

const types = columns({ id: 'int', text: 'text' });

test('identities travel from table to table', async () => {
  await using here = await folder();
  await writeNew(here.at('a.parquet'), types, [
    { id: 1, text: 'a ' },
    { id: 2, text: 'b ' },
  ]);
  const table = await openTable(here.at('a.parquet'));
  const writer = await createTableWriter(here.at('b.parquet'), { columns: columns({ text: 'text' }) });
  for await (const rows of table.batches(1)) await writer.append(rows.map(({ _row, text }) => ({ _row, text: String(text).trim() })));
  await table.close();
  const { rows, digest, schema } = await writer.finish();
  assert.deepEqual([rows, schema.columns.map(({ name }) => name)], [2, ['text']]);
  assert.equal(digest, (await digestTable(here.at('b.parquet'))).digest);
  assert.deepEqual(
    (await readAll(here.at('b.parquet'))).map(({ _row }) => _row),
    (await readAll(here.at('a.parquet'))).map(({ _row }) => _row),
  );
});

test('batches have the size and the columns asked for, in the order of the file', async () => {
  await using here = await folder();
  await writeNew(
    here.at('a.parquet'),
    types,
    Array.from({ length: 5000 }, (_, id) => ({ id, text: 'x' })),
  );
  const table = await openTable(here.at('a.parquet'));
  assert.deepEqual([table.rows, table.schema.columns], [5000, types]);
  const sizes: number[] = [];
  const ids: unknown[] = [];
  for await (const batch of table.batches(2000, ['id'])) {
    sizes.push(batch.length);
    ids.push(...batch.map(({ id }) => id));
    assert.deepEqual(Object.keys(batch[0] ?? {}), ['_row', 'id']);
  }
  assert.deepEqual(sizes, [2000, 2000, 1000]);
  assert.deepEqual(
    ids,
    Array.from({ length: 5000 }, (_, id) => id),
  );
  await assert.rejects(table.batches(10, ['nothing'])[Symbol.asyncIterator]().next(), { reason: 'unknown_column' });
  await table.close();
});

test('a table can be read by several at once, and left in the middle', async () => {
  await using here = await folder();
  await writeNew(
    here.at('a.parquet'),
    types,
    Array.from({ length: 5000 }, (_, id) => ({ id, text: 'x' })),
  );
  const table = await openTable(here.at('a.parquet'));
  let pairs = 0;
  for await (const one of table.batches(2500)) for await (const other of table.batches(1250)) pairs += one.length * other.length;
  assert.equal(pairs, 25_000_000);
  for await (const batch of table.batches(10)) {
    assert.equal(batch.length, 10);
    break;
  }
  await table.close();
});

test('a value that does not fit names its row, column and itself', async () => {
  await using here = await folder();
  const refuse = async (row: Record<string, unknown>, message: RegExp, details: Record<string, unknown>) => {
    const writer = await createTableWriter(here.at('a.parquet'), { columns: types });
    await writer.appendNew([{ id: 1, text: 'fine' }]);
    await assert.rejects(writer.appendNew([row]), { name: 'AppError', code: 'invalid_request', reason: 'value_misfit', message, details });
    await writer.abort();
  };
  await refuse({ id: '7' }, /^Row 2, column "id": "7" is not a whole number/, { row: 2, column: 'id', value: '"7"' });
  await refuse({ id: 1.5 }, /1.5 is not a whole number/, { row: 2, column: 'id', value: '1.5' });
  await refuse({ id: 2n ** 63n }, /9223372036854775808n is not/, { row: 2, column: 'id', value: '9223372036854775808n' });
  await refuse({ text: '\ud800' }, /is not a text/, { row: 2, column: 'text', value: '"\\ud800"' });
  await refuse({ txt: 'x' }, /column "txt": "x" is in no column of the table/, { row: 2, column: 'txt', value: '"x"' });
  assert.deepEqual(await readdir(here.root), []);
});

test('a row keeps its identity or is new, and not both in one table', async () => {
  await using here = await folder();
  const writer = await createTableWriter(here.at('a.parquet'), { columns: types });
  await assert.rejects(writer.append([{ id: 1 }]), { reason: 'value_misfit', message: /column "_row"/ });
  await assert.rejects(writer.append([{ id: 1, _row: 'mine' }]), { reason: 'value_misfit' });
  await assert.rejects(writer.appendNew([{ id: 1 }]), { reason: 'mixed_rows' });
  await writer.abort();
});

test('a table may be empty, and a table of nothing may not', async () => {
  await using here = await folder();
  const { rows, digest } = await writeNew(here.at('a.parquet'), types, []);
  assert.equal(rows, 0);
  assert.deepEqual(await digestTable(here.at('a.parquet')), { rows, digest, schema: { columns: types } });
  assert.deepEqual(await readAll(here.at('a.parquet')), []);
  await assert.rejects(createTableWriter(here.at('b.parquet'), { columns: [] }), { reason: 'no_columns' });
});

test('long texts are handed on before a batch is full', async () => {
  await using here = await folder();
  const text = 'x'.repeat(1024 * 1024);
  await writeNew(
    here.at('a.parquet'),
    types,
    Array.from({ length: 20 }, (_, id) => ({ id, text })),
  );
  const [first] = await readAll(here.at('a.parquet'));
  assert.equal((await findRows(here.at('a.parquet'), [String(first?.['_row'])]))[0]?.['text'], text);
});

test('a folder that is not there is told apart from a fault of ours', async () => {
  await assert.rejects(writeNew('/nowhere/a.parquet', types, [{ id: 1 }]), { code: 'unavailable', reason: 'storage_failed' });
  await assert.rejects(openTable('/nowhere/a.parquet'), { code: 'not_found', reason: 'table_missing' });
});

test('a file that is no stored table is refused', async () => {
  await using here = await folder();
  await assert.rejects(openTable(await here.file('a.parquet', 'PAR1')), { reason: 'not_parquet' });
});
