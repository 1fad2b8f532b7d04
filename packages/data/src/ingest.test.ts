import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { ingest, type IngestOptions } from './ingest.ts';
import { folder } from './testing/folder.ts';
import { columns, foreignParquet, readAll } from './testing/tables.ts';

type Refusal = { code?: string; reason?: string; message?: RegExp; details?: Record<string, unknown> };
const ingestText = async (content: string | Uint8Array, options: IngestOptions = {}) => {
  await using here = await folder();
  const result = await ingest(await here.file('in.csv', content), here.at('out.parquet'), options);
  return { ...result, all: await readAll(here.at('out.parquet')) };
};
const refuse = async (content: string | Uint8Array, expected: Refusal, options: IngestOptions = {}) => {
  await using here = await folder();
  await assert.rejects(ingest(await here.file('in.csv', content), here.at('out.parquet'), options), { name: 'AppError', ...expected });
  assert.deepEqual(await readdir(here.root), ['in.csv'], 'nothing is left behind');
};
const bare = (rows: readonly Record<string, unknown>[]) => rows.map(({ _row, ...rest }) => rest);

test('types are inferred from all rows', async () => {
  const { schema, rows, all, bytes } = await ingestText(
    '\ufeffid,name,price,ok,day,code\r\n1,"A, ""x""\nb",1.5,true,2024-01-31,007\r\n570306133677760513,,2,false,,010\r\n',
  );
  assert.deepEqual(
    schema.columns.map(({ name, type }) => `${name} ${type.type}`),
    ['id int', 'name text', 'price float', 'ok bool', 'day date', 'code text'],
  );
  assert.deepEqual([rows, bytes], [2, 104]);
  assert.deepEqual(bare(all), [
    { id: 1, name: 'A, "x"\nb', price: 1.5, ok: true, day: '2024-01-31', code: '007' },
    { id: 570306133677760513n, name: null, price: 2, ok: false, day: null, code: '010' },
  ]);
});

test('a delimiter is found in the first line, outside quotes', async () => {
  for (const delimiter of [',', ';', '\t']) {
    const { all } = await ingestText(`"a,;,;\t\t",b\n1,2\n`.replaceAll('",', `"${delimiter}`).replace('1,', `1${delimiter}`));
    assert.deepEqual(bare(all), [{ 'a,;,;\t\t': 1, b: 2 }]);
  }
});

test('a file without a delimiter has one column, where an empty line is a missing value', async () => {
  assert.deepEqual(bare((await ingestText('text\na\n\nb')).all), [{ text: 'a' }, { text: null }, { text: 'b' }]);
  assert.equal((await ingestText('a,b\n1,2\n\n3,4\n\n')).rows, 2);
});

test('Latin-1 is read where it is said', async () => {
  const content = Buffer.from('name\ncafé\n', 'latin1');
  assert.deepEqual(bare((await ingestText(content, { encoding: 'latin1' })).all), [{ name: 'café' }]);
  await refuse(content, {
    reason: 'wrong_encoding',
    message: /^Line 2, column "name": byte 0xe9 is not UTF-8; if the file is Latin-1, say encoding latin1/,
  });
});

test('a declared column is parsed as declared, renamed, and the others are as the dataset says', async () => {
  const content = 'tweet_id,airline_sentiment,extra\n570306133677760513,neutral,1\n';
  const mood = { name: 'mood', type: { type: 'text' as const }, from: 'airline_sentiment' };
  const declared = { columns: [...columns({ tweet_id: 'text' }), mood] };
  assert.deepEqual(bare((await ingestText(content, { declared })).all), [{ tweet_id: '570306133677760513', mood: 'neutral', extra: 1 }]);
  assert.deepEqual(bare((await ingestText(content, { declared: { ...declared, others: 'drop' } })).all), [
    { tweet_id: '570306133677760513', mood: 'neutral' },
  ]);
  await refuse(content, { reason: 'undeclared_column', message: /"extra"/ }, { declared: { ...declared, others: 'refuse' } });
});

test('a declared column that the file lacks is refused unless it is optional', async () => {
  const mood = { name: 'mood', type: { type: 'text' as const } };
  const withMood = (optional: boolean) => ({ declared: { columns: [...columns({ id: 'int' }), { ...mood, optional }] } });
  await refuse('id,text\n1,a\n', { reason: 'missing_column', message: /no column "mood"; it has "id", "text"/ }, withMood(false));
  assert.deepEqual(bare((await ingestText('id\n1\n', withMood(true))).all), [{ id: 1, mood: null }]);
});

test('every type can be declared for a text file', async () => {
  const types = columns({
    bool: 'bool',
    int: 'int',
    price: { type: 'decimal', scale: 2 },
    float: 'float',
    text: 'text',
    bytes: 'bytes',
    date: 'date',
    time: 'time',
    at: 'timestamp',
    local: 'local timestamp',
    list: { type: 'list', item: { type: 'int' } },
    pair: { type: 'struct', fields: [{ name: 'a', type: { type: 'text' } }] },
  });
  const header = types.map(({ name }) => name).join(';');
  const { all, schema } = await ingestText(
    `${header}\n1;007;1.50;NaN;x;AP8=;2024-02-29;10:00;2024-01-01T10:00+01:00;2024-01-01 10:00;[1,null];"{""a"":""b""}"\n`,
    { declared: { columns: types } },
  );
  assert.equal(schema.columns.length, 12);
  assert.deepEqual(
    bare(all),
    [
      {
        bool: true,
        int: 7,
        price: '1.50',
        float: NaN,
        text: 'x',
        bytes: Uint8Array.from([0, 255]),
        date: '2024-02-29',
        time: '10:00:00',
        at: '2024-01-01T09:00:00Z',
        local: '2024-01-01T10:00:00',
        list: [1, null],
        pair: { a: 'b' },
      },
    ].map((row) => ({ ...row, bytes: Buffer.from(row.bytes) })),
  );
});

test('bad rows are named with line, column and reason, the first twenty of them', async () => {
  const mood = { name: 'mood', type: { type: 'text' as const }, values: ['good', 'bad'] };
  const declared = { columns: [...columns({ id: 'int' }), mood] };
  await refuse(
    'id,mood\n1,good\n"2\nx",bad\nNaN,bad\n3\n4,hapy\n',
    {
      reason: 'value_misfit',
      message: /^Line 3, column "id": "2\\nx" is not a whole number of 64 bits \(and 3 like it: see details\)$/,
      details: {
        line: 3,
        column: 'id',
        issues: [
          { line: 3, column: 'id', reason: 'value_misfit', message: 'Line 3, column "id": "2\\nx" is not a whole number of 64 bits' },
          { line: 5, column: 'id', reason: 'value_misfit', message: 'Line 5, column "id": "NaN" is not a whole number of 64 bits' },
          { line: 6, column: null, reason: 'ragged_row', message: 'Line 6 has 1 field where the first line has 2' },
          { line: 7, column: 'mood', reason: 'value_not_allowed', message: 'Line 7, column "mood": "hapy" is not one of good, bad' },
        ],
      },
    },
    { declared },
  );
  await refuse(`a,b\n${'1\n'.repeat(1000)}`, { reason: 'ragged_row', message: /\(and 19 or more like it: see details\)$/ });
});

test('a file that is no table is refused with what is wrong with it', async () => {
  await refuse('', { reason: 'empty_file' });
  await refuse('\ufeff\n', { reason: 'empty_file' });
  await refuse('id,text\n', { reason: 'no_rows' });
  await refuse('id,\n1,2\n', { reason: 'column_unnamed', message: /^Column 2 has no name/ });
  await refuse('id,id\n1,2\n', { reason: 'column_doubled', message: /^Column "id" is there twice/ });
  await refuse('id,ID\n1,2\n', { reason: 'column_doubled', message: /differ only in case/ });
  await refuse('id,_row\n1,2\n', { reason: 'reserved_column' });
  await refuse('id,text\n1,"a\n2,b\n', { reason: 'quote_open', message: /^Line 2, field 2/ });
  await refuse('a,b,c\n1,2,3\n', { reason: 'too_many_columns' }, { limits: { columns: 2 } });
  await refuse('PAR1 is no Parquet', { reason: 'not_parquet' });
  await refuse('id\n1\n', { reason: 'not_parquet' }, { format: 'parquet' });
  await refuse('id\n1\n', { reason: 'unknown_column' }, { key: ['name'] });
  await assert.rejects(ingest('/nowhere', '/nowhere.parquet', {}), { code: 'not_found' });
});

test('a field of a hundred megabytes is refused', async () => {
  await refuse(Buffer.concat([Buffer.from('id,text\n1,'), Buffer.alloc(100 * 1024 * 1024, 'x')]), {
    code: 'too_large',
    reason: 'field_too_large',
    message: /^Line 2, field 2/,
  });
});

test('a key names rows, and repeated keys are counted and kept', async () => {
  const { key, repeatedKeys, all } = await ingestText('id,text\n1,a\n2,b\n1,c\n1,a\n', { key: ['id'] });
  assert.deepEqual([key, repeatedKeys], [['id'], 2]);
  const ids = all.map(({ _row }) => String(_row));
  assert.equal(new Set(ids).size, 4);
  assert.equal(new Set([0, 2, 3].map((i) => ids[i]?.slice(0, 32))).size, 1);
});

test('progress is told, and a failure in the middle leaves nothing', async () => {
  await using here = await folder();
  const lines = Array.from({ length: 12_000 }, (_, i) => `${i},x`);
  const told: number[] = [];
  await ingest(await here.file('in.csv', `id,text\n${lines.join('\n')}`), here.at('out.parquet'), {}, (rows) => told.push(rows));
  assert.deepEqual(told, [10_000, 12_000]);
  lines[11_000] = 'x,x';
  await assert.rejects(
    ingest(await here.file('bad.csv', `id,text\n${lines.join('\n')}`), here.at('bad.parquet'), {
      declared: { columns: columns({ id: 'int' }) },
    }),
    { message: /^Line 11002/ },
  );
  assert.equal(existsSync(here.at('bad.parquet')), false);
});

test('a Parquet file of another writer is widened, and refused where a type or value has no place', async () => {
  await using here = await folder();
  const file = await foreignParquet(
    here.at('in.parquet'),
    "SELECT 1::TINYINT a, 2.5::FLOAT b, 'x'::ENUM('x','y') c, DATE '2024-01-01' d, TIMESTAMP_S '2024-01-01 10:00:00' e, TIMESTAMPTZ '2024-01-01 10:00:00+00' f, [1::SMALLINT] g, {'x': 1::UTINYINT} h, 1.5::DECIMAL(5,2) i, '\\x00'::BLOB j, NULL k",
  );
  const { schema } = await ingest(file, here.at('out.parquet'), {});
  assert.deepEqual(
    schema.columns.map(({ type }) => type.type),
    ['int', 'float', 'text', 'date', 'local timestamp', 'timestamp', 'list', 'struct', 'decimal', 'bytes', 'int'],
  );
  const bad = async (select: string, expected: Refusal, options: IngestOptions = {}) =>
    assert.rejects(ingest(await foreignParquet(here.at('bad.parquet'), select), here.at('no.parquet'), options), {
      name: 'AppError',
      ...expected,
    });
  await bad('SELECT INTERVAL 1 DAY x', { reason: 'unsupported_type', message: /Column "x"/ });
  await bad("SELECT TIMESTAMP_NS '2024-01-01 10:00:00.123456789' x", { reason: 'value_misfit', message: /finer than a microsecond/ });
  await bad('SELECT 18446744073709551615::UBIGINT x', { reason: 'value_misfit' });
  await bad(
    'SELECT * FROM (VALUES (1.0), (1.5)) t(x)',
    { reason: 'value_misfit', message: /^Row 2, column "x": "1.5" is not a whole number/ },
    { declared: { columns: columns({ x: 'int' }) } },
  );
  await bad('SELECT 1 x WHERE false', { reason: 'no_rows' });
});
