import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { digestTable } from './digest-table.ts';
import { selectInto } from './select-into.ts';
import { folder } from './testing/folder.ts';
import { columns, readAll, writeNew } from './testing/tables.ts';

const prepared = async () => {
  const here = await folder();
  await writeNew(here.at('tweets.parquet'), columns({ id: 'int', mood: 'text' }), [
    { id: 1, mood: 'bad' },
    { id: 2, mood: 'good' },
    { id: 3, mood: 'bad' },
  ]);
  const run = (sql: string) => selectInto(here.at('out.parquet'), sql, { tweets: here.at('tweets.parquet') });
  return Object.assign(here, { run, all: () => readAll(here.at('out.parquet')) });
};

test('rows keep their identity where it is selected', async () => {
  await using here = await prepared();
  const { rows, schema, digest } = await here.run("SELECT id * 2 AS twice, _row FROM tweets WHERE mood = 'bad' ORDER BY id DESC");
  const names = (await readAll(here.at('tweets.parquet'))).map(({ _row }) => _row);
  assert.deepEqual([rows, schema.columns], [2, columns({ twice: 'int' })]);
  assert.deepEqual(await here.all(), [
    { _row: names[2], twice: 6 },
    { _row: names[0], twice: 2 },
  ]);
  assert.equal(digest, (await digestTable(here.at('out.parquet'))).digest);
});

test('rows that are made are named by their content, and narrow types widen', async () => {
  await using here = await prepared();
  await here.run('SELECT mood, count(*)::TINYINT AS n FROM tweets GROUP BY mood ORDER BY n DESC; -- done');
  assert.deepEqual(
    (await here.all()).map(({ _row, ...rest }) => rest),
    [
      { mood: 'bad', n: 2 },
      { mood: 'good', n: 1 },
    ],
  );
});

test('one SELECT is run and nothing else', async () => {
  await using here = await prepared();
  const refuse = (sql: string) => assert.rejects(here.run(sql), { name: 'AppError', code: 'invalid_request', reason: 'bad_query' }, sql);
  await refuse('SELEC');
  await refuse('');
  await refuse('SELECT * FROM nothing');
  await refuse('SELECT 1 AS a; SELECT 2 AS a');
  await refuse('CREATE TABLE x (a INTEGER)');
  await refuse(`COPY tweets TO '${here.at('stolen.csv')}'`);
  await refuse('SET enable_external_access = true');
  await refuse("ATTACH 'x.db'");
  await refuse('INSTALL httpfs');
  await refuse("SELECT error('stop') AS a FROM tweets");
  await refuse("SELECT 'mine' AS _row, id FROM tweets");
  assert.deepEqual([existsSync(here.at('stolen.csv')), existsSync(here.at('out.parquet'))], [false, false]);
});

test('a query opens no file but the tables it was given', async () => {
  await using here = await prepared();
  await here.file('secret.csv', 'a\n1\n');
  await writeNew(here.at('secret.parquet'), columns({ a: 'int' }), [{ a: 1 }]);
  for (const sql of [
    `SELECT * FROM read_csv('${here.at('secret.csv')}')`,
    `SELECT * FROM '${here.at('secret.parquet')}'`,
    `SELECT content FROM read_text('${here.at('secret.csv')}')`,
    `SELECT * FROM glob('${here.at('*')}')`,
    `SELECT * FROM parquet_schema('${here.at('secret.parquet')}')`,
  ]) {
    await assert.rejects(here.run(sql), { reason: 'bad_query' }, sql);
  }
});

test('a type that has no counterpart names its column', async () => {
  await using here = await prepared();
  await assert.rejects(here.run('SELECT INTERVAL 1 DAY AS length FROM tweets'), { reason: 'unsupported_type', message: /Column "length"/ });
  await assert.rejects(here.run("SELECT 'infinity'::DATE AS day FROM tweets"), { reason: 'value_misfit' });
});
