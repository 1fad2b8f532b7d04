import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Expectation, ExpectationResult } from '@boucle/contract';
import { checkSuite } from './check-suite.ts';
import { folder } from './testing/folder.ts';
import { columns, readAll, writeNew } from './testing/tables.ts';

const types = columns({ id: 'int', mood: 'text', score: 'float', day: 'date' });
const rows = [
  { id: 1, mood: 'good', score: 0.5, day: '2024-01-01' },
  { id: 2, mood: 'bad', score: NaN, day: '2024-01-02' },
  { id: 2, mood: null, score: 2, day: null },
  { id: 3, mood: 'hapy 😀', score: null, day: '2025-01-01' },
];
const check = async (type: string, names: readonly string[], args: Record<string, unknown> = {}): Promise<ExpectationResult> => {
  await using here = await folder();
  await writeNew(here.at('a.parquet'), types, rows);
  const [result] = (await checkSuite(here.at('a.parquet'), [{ type, columns: [...names], args }])).results;
  assert.ok(result);
  return result;
};
const summary = async (...call: Parameters<typeof check>) => {
  const { outcome, rows: considered, unexpected, samples } = await check(...call);
  return [outcome, considered, unexpected, samples.map(({ value }) => value)];
};

test('nulls are looked at by not_be_null alone', async () => {
  assert.deepEqual(await summary('expect_column_values_to_not_be_null', ['mood']), ['failed', 4, 1, [null]]);
  assert.deepEqual(await summary('expect_column_values_to_not_be_null', ['id']), ['passed', 4, 0, []]);
  assert.deepEqual(await summary('expect_column_values_to_be_in_set', ['mood'], { values: ['good', 'bad'] }), [
    'failed',
    3,
    1,
    ['hapy 😀'],
  ]);
});

test('mostly is a share of the rows that are looked at', async () => {
  const lengths = (args: Record<string, unknown>) => summary('expect_column_value_lengths_to_be_between', ['mood'], args);
  assert.deepEqual(await lengths({ max: 5 }), ['failed', 3, 1, ['hapy 😀']]);
  assert.deepEqual(await lengths({ max: 6 }), ['passed', 3, 0, []]);
  assert.deepEqual(await lengths({ max: 5, mostly: 0.66 }), ['passed', 3, 1, []]);
  assert.deepEqual(await lengths({ min: 4, max: 5, mostly: 0.34 }), ['failed', 3, 2, ['bad', 'hapy 😀']]);
});

test('both bounds belong to a range, and NaN is in none', async () => {
  assert.deepEqual(await summary('expect_column_values_to_be_between', ['id'], { min: 1, max: 3 }), ['passed', 4, 0, []]);
  assert.deepEqual(await summary('expect_column_values_to_be_between', ['score'], { min: 0 }), ['failed', 3, 1, ['NaN']]);
  assert.deepEqual(await summary('expect_column_values_to_be_between', ['day'], { max: '2024-12-31' }), ['failed', 3, 1, ['2025-01-01']]);
});

test('a value that stands twice is unexpected both times', async () => {
  assert.deepEqual(await summary('expect_column_values_to_be_unique', ['id']), ['failed', 4, 2, [2, 2]]);
  assert.deepEqual(await summary('expect_column_values_to_be_unique', ['id', 'mood']), ['passed', 3, 0, []]);
});

test('a pattern may match anywhere', async () => {
  assert.deepEqual(await summary('expect_column_values_to_match_regex', ['mood'], { regex: 'a' }), ['failed', 3, 1, ['good']]);
});

test('the number of rows is counted', async () => {
  assert.deepEqual(await summary('expect_table_row_count_to_be_between', [], { min: 1, max: 4 }), ['passed', 4, 0, []]);
  assert.deepEqual(await summary('expect_table_row_count_to_be_between', [], { min: 5 }), ['failed', 4, 0, []]);
});

test('where no row is looked at, what is expected holds', async () => {
  await using here = await folder();
  await writeNew(here.at('a.parquet'), types, []);
  const suite: Expectation[] = [
    { type: 'expect_column_values_to_not_be_null', columns: ['mood'], args: {} },
    { type: 'expect_column_values_to_be_unique', columns: ['mood'], args: {} },
  ];
  assert.equal((await checkSuite(here.at('a.parquet'), suite)).success, true);
});

test('samples are the first rows that fail, at most twenty, by identity', async () => {
  await using here = await folder();
  await writeNew(
    here.at('a.parquet'),
    columns({ id: 'int' }),
    Array.from({ length: 100 }, (_, id) => ({ id })),
  );
  const [result] = (
    await checkSuite(here.at('a.parquet'), [{ type: 'expect_column_values_to_be_between', columns: ['id'], args: { max: 9 } }])
  ).results;
  const all = await readAll(here.at('a.parquet'));
  assert.deepEqual(
    result?.samples,
    all.slice(10, 30).map(({ _row, id }) => ({ _row, value: id })),
  );
});

test('what cannot be checked is errored, and the rest is checked', async () => {
  await using here = await folder();
  await writeNew(here.at('a.parquet'), types, rows);
  const ask = (type: string, names: string[], args: Record<string, unknown> = {}): Expectation => ({ type, columns: names, args });
  const suite = [
    ask('expect_the_unexpected', ['id']),
    ask('expect_column_values_to_not_be_null', ['txt']),
    ask('expect_column_values_to_not_be_null', ['id'], { mosty: 0.5 }),
    ask('expect_column_values_to_not_be_null', ['id', 'mood']),
    ask('expect_column_values_to_match_regex', ['mood'], { regex: '(' }),
    ask('expect_column_values_to_match_regex', ['id'], { regex: 'a' }),
    ask('expect_column_values_to_be_between', ['id']),
    ask('expect_column_values_to_be_between', ['id'], { min: 'one' }),
    ask('expect_column_value_lengths_to_be_between', ['mood'], { max: 5, mostly: 2 }),
    ask('toString', ['id']),
    ask('expect_column_values_to_not_be_null', ['id']),
    ask('expect_column_values_to_not_be_null', ['mood']),
  ];
  const { success, results } = await checkSuite(here.at('a.parquet'), suite);
  assert.equal(success, false);
  assert.deepEqual(
    results.map(({ outcome }) => outcome),
    [...Array<string>(10).fill('errored'), 'passed', 'failed'],
  );
  for (const { outcome, message } of results) if (outcome === 'errored') assert.ok(message && message.length > 10, message);
});

test('a warning does not stop anything', async () => {
  await using here = await folder();
  await writeNew(here.at('a.parquet'), types, rows);
  const failing: Expectation = { type: 'expect_column_values_to_not_be_null', columns: ['mood'], args: {} };
  assert.equal((await checkSuite(here.at('a.parquet'), [{ ...failing, level: 'warning' }])).success, true);
  assert.equal((await checkSuite(here.at('a.parquet'), [{ ...failing, level: 'error' }])).success, false);
});

test('names and values are never SQL', async () => {
  await using here = await folder();
  const name = `a"; DROP TABLE x; --'`;
  await writeNew(here.at("it's.parquet"), columns({ [name]: 'text' }), [{ [name]: "x'; --" }]);
  const suite = [{ type: 'expect_column_values_to_be_in_set', columns: [name], args: { values: ["x'; --"] } }];
  assert.equal((await checkSuite(here.at("it's.parquet"), suite)).success, true);
});
