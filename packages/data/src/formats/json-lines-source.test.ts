import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ingest, type IngestOptions } from '../ingest.ts';
import { folder } from '../testing/folder.ts';
import { readAll } from '../testing/tables.ts';

const read = async (content: string | Uint8Array, options: IngestOptions = {}) => {
  await using here = await folder();
  const { schema } = await ingest(await here.file('in.jsonl', content), here.at('out.parquet'), options);
  const rows = await readAll(here.at('out.parquet'));
  return { types: schema.columns.map(({ name, type }) => `${name} ${type.type}`), rows: rows.map(({ _row, ...rest }) => rest) };
};

test('an object a line becomes a row, with a column for each key that any of them has', async () => {
  const { types, rows } = await read(
    '\ufeff{"id": 570306133677760513, "text": "late", "n": 1, "ok": true, "day": "2024-01-31", "code": "7"}\n\n' +
      '{"id": 2, "n": 1.5, "more": {"a": [1]}, "code": "8"}\r\n{"id": 3, "text": null, "__proto__": 1}',
  );
  assert.deepEqual(types, ['id int', 'text text', 'n float', 'ok bool', 'day date', 'code text', 'more text', '__proto__ int']);
  assert.deepEqual(
    rows.map(({ id, text, n, more, code }) => [id, text, n, more, code]),
    [
      [570306133677760513n, 'late', 1, null, '7'],
      [2, null, 1.5, '{"a":[1]}', '8'],
      [3, null, null, null, null],
    ],
  );
});

test('what is mixed, or only looks like a number, is a text', async () => {
  const { types, rows } = await read('{"a": 1, "b": "1"}\n{"a": "x", "b": "2"}\n{"a": false}\n');
  assert.deepEqual(types, ['a text', 'b text']);
  assert.deepEqual(
    rows.map(({ a }) => a),
    ['1', 'x', 'false'],
  );
});

test('a line that is no object, does not fit or is not UTF-8 is named', async () => {
  await assert.rejects(read('{"a": 1}\n{"a": \n[1]\n'), {
    reason: 'not_json',
    message: /^Line 2 is not a JSON object: .*\(and 1 like it: see details\)$/,
  });
  const declared = { columns: [{ name: 'a', type: { type: 'int' as const } }] };
  await assert.rejects(read('{"a": 1}\n{"a": "x"}\n', { declared }), {
    reason: 'value_misfit',
    message: /^Line 2, column "a": "x" is not/,
  });
  await assert.rejects(read(Buffer.from([...Buffer.from('{"a": 1}\n{"a": "'), 0xe9, 0x22, 0x7d])), {
    reason: 'wrong_encoding',
    message: /^Line 2: byte 0xe9/,
  });
  await assert.rejects(read('{}\n'), { reason: 'empty_file' });
  await assert.rejects(read('{"a": 1}\n{"b": "xxxxxxxx"}', { limits: { fieldBytes: 10 } }), { message: /^Line 2 has more than 10/ });
  await assert.rejects(read('{"a": 1}\n{"b": 1}', { limits: { columns: 1 } }), { reason: 'too_many_columns' });
});

test('a table whose first name has a brace is no JSON', async () => {
  assert.deepEqual((await read('{a},"b"\n1,2\n')).types, ['{a} int', 'b int']);
});
