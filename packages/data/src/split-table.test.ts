import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestTable } from './digest-table.ts';
import { ingest } from './ingest.ts';
import { sides, type Side } from './split/choose-sides.ts';
import { splitTable, type SplitOptions } from './split-table.ts';
import { folder } from './testing/folder.ts';
import { columns, csv, readAll, writeNew } from './testing/tables.ts';

type Folder = Awaited<ReturnType<typeof folder>>;
type Row = Record<string, unknown>;
const shares = { seed: 7, validation: 0.1, test: 0.2 };

const split = async (here: Folder, input: string, options: SplitOptions = shares) => {
  const outputs = { train: here.at('train.parquet'), validation: here.at('validation.parquet'), test: here.at('test.parquet') };
  const written = await splitTable(input, outputs, options);
  const rows = { train: await readAll(outputs.train), validation: await readAll(outputs.validation), test: await readAll(outputs.test) };
  return { written, rows, outputs };
};
/** The side of each row, by what `name` calls it. */
const sidesOf = (rows: Readonly<Record<Side, readonly Row[]>>, name: (row: Row) => string): Map<string, Set<Side>> => {
  const found = new Map<string, Set<Side>>();
  for (const side of sides) for (const row of rows[side]) found.set(name(row), (found.get(name(row)) ?? new Set()).add(side));
  return found;
};
const ingestRows = async (here: Folder, rows: readonly (readonly [number, string])[], key: readonly string[] = ['id']): Promise<string> => {
  const content = csv([['id', 'text'], ...rows.map(([id, text]) => [String(id), text])]);
  await ingest(await here.file('in.csv', content), here.at('in.parquet'), { key });
  return here.at('in.parquet');
};

test('every row goes to one side, in the order of the file, and about as many as said', async () => {
  await using here = await folder();
  const input = await ingestRows(
    here,
    Array.from({ length: 2000 }, (_, i) => [i, `text ${i}`]),
  );
  const { written, rows, outputs } = await split(here, input);
  assert.equal(rows.train.length + rows.validation.length + rows.test.length, 2000);
  // Five standard deviations.
  assert.ok(Math.abs(rows.test.length - 400) < 5 * Math.sqrt(2000 * 0.2 * 0.8), String(rows.test.length));
  assert.ok(Math.abs(rows.validation.length - 200) < 5 * Math.sqrt(2000 * 0.1 * 0.9), String(rows.validation.length));
  for (const side of sides) {
    const ids = rows[side].map(({ id }) => Number(id));
    assert.deepEqual(
      ids,
      ids.toSorted((a, b) => a - b),
    );
    assert.equal(written[side].rows, ids.length);
    assert.equal(written[side].digest, (await digestTable(outputs[side])).digest);
  }
});

test('no key and no content stands on two sides', async () => {
  await using here = await folder();
  const pairs = Array.from({ length: 600 }, (_, i): [number, string] => [i % 500, `t${(i * 7919) % 150}`]);
  const { rows } = await split(here, await ingestRows(here, pairs), { seed: 3, validation: 0.3, test: 0.3 });
  for (const name of ['id', 'text']) {
    for (const [value, found] of sidesOf(rows, (row) => String(row[name]))) assert.equal(found.size, 1, `${name} ${value}`);
  }
});

test('rows that are added with new keys move nobody, wherever they are put', async () => {
  await using here = await folder();
  const before = Array.from({ length: 200 }, (_, i): [number, string] => [i, `t${i % 90}`]);
  const added = Array.from({ length: 200 }, (_, i): [number, string] => [1000 + i, `t${i % 120}`]);
  const sideOf = async (pairs: readonly [number, string][]) =>
    sidesOf((await split(here, await ingestRows(here, pairs), shares)).rows, ({ id }) => String(id));
  const old = await sideOf(before);
  const now = await sideOf([...added.slice(0, 50), ...before.toReversed(), ...added.slice(50)]);
  for (const [id, side] of old) assert.deepEqual(now.get(id), side);
});

test('another seed is another split, and another share of validation leaves the test rows as they are', async () => {
  await using here = await folder();
  const input = await ingestRows(
    here,
    Array.from({ length: 300 }, (_, i) => [i, `text ${i}`]),
  );
  const testRows = async (options: Partial<SplitOptions>) =>
    (await split(here, input, { ...shares, ...options })).rows.test.map(({ id }) => id);
  assert.notDeepEqual(await testRows({ seed: 8 }), await testRows({}));
  assert.deepEqual(await testRows({ validation: 0.5 }), await testRows({}));
});

test('a key is recognised by the names of the rows, also when steps have been between', async () => {
  await using here = await folder();
  const rows = Array.from({ length: 400 }, (_, i) => ({ b: i % 7, text: `t${i % 100}`, a: `a${Math.floor(i / 7)}` }));
  const content = csv([['b', 'text', 'a'], ...rows.map(({ b, text, a }) => [String(b), text, a])]);
  await ingest(await here.file('in.csv', content), here.at('in.parquet'), { key: ['a', 'b'] });
  const { rows: apart } = await split(here, here.at('in.parquet'), { seed: 1, validation: 0.3, test: 0.3 });
  for (const [text, found] of sidesOf(apart, (row) => String(row['text']))) assert.equal(found.size, 1, text);
});

test('classes keep their shares as nearly as chance allows', async () => {
  await using here = await folder();
  const types = columns({ n: 'int', label: 'text' });
  await writeNew(
    here.at('a.parquet'),
    types,
    Array.from({ length: 4000 }, (_, n) => ({ n, label: n % 4 === 0 ? 'rare' : 'common' })),
  );
  const { rows } = await split(here, here.at('a.parquet'), { ...shares, stratify: 'label' });
  const rare = rows.test.filter(({ label }) => label === 'rare').length;
  assert.ok(Math.abs(rare - 200) < 5 * Math.sqrt(1000 * 0.2 * 0.8), String(rare));
  await assert.rejects(split(here, here.at('a.parquet'), { ...shares, stratify: 'mood' }), { reason: 'unknown_column' });
});

test('a table of one column, of one row or of none can be split', async () => {
  await using here = await folder();
  await ingest(await here.file('in.csv', 'text\na\nb\na\n'), here.at('a.parquet'), { key: ['text'] });
  for (const found of sidesOf((await split(here, here.at('a.parquet'))).rows, (row) => String(row['text'])).values())
    assert.equal(found.size, 1);
  await writeNew(here.at('a.parquet'), columns({ n: 'int' }), []);
  assert.equal((await split(here, here.at('a.parquet'))).written.train.rows, 0);
});

test('shares that leave nothing to train on are refused', async () => {
  await using here = await folder();
  const input = await ingestRows(here, [[1, 'a']]);
  for (const wrong of [{ validation: 0.5, test: 0.5 }, { test: -0.1 }, { validation: NaN }, { seed: 1.5 }]) {
    await assert.rejects(split(here, input, { ...shares, ...wrong }), { name: 'AppError', reason: 'bad_split' });
  }
});
