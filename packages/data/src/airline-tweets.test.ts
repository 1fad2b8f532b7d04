import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkSuite } from './check-suite.ts';
import { ingest } from './ingest.ts';
import { splitTable } from './split-table.ts';
import { folder } from './testing/folder.ts';
import { columns, readAll } from './testing/tables.ts';

const tweets = join(import.meta.dirname, '../../../../shared/data/airline-tweets.csv');

test('the airline tweets are ingested, meet their expectations and are split without a leak', async () => {
  await using here = await folder();
  const moods = ['negative', 'neutral', 'positive'];
  const { rows, repeatedKeys, digest, schema } = await ingest(tweets, here.at('tweets.parquet'), {
    key: ['tweet_id'],
    declared: {
      columns: [
        ...columns({ tweet_id: 'text', text: 'text' }),
        { name: 'mood', type: { type: 'text' }, from: 'airline_sentiment', values: moods },
        ...columns({ airline: 'text' }),
      ],
      others: 'drop',
    },
  });
  assert.deepEqual([rows, repeatedKeys, schema.columns.length], [14_640, 155, 4]);
  // Computed apart from this code, with Python's csv, struct and hashlib.
  assert.equal(digest, 'rows:852d153909f59dd09c1a7d8418744ce627c16718be6d6e7f52329aa15f173f91');

  const suite = [
    { type: 'expect_column_values_to_not_be_null', columns: ['text'], args: {} },
    { type: 'expect_column_values_to_be_in_set', columns: ['mood'], args: { values: moods } },
    { type: 'expect_column_value_lengths_to_be_between', columns: ['text'], args: { max: 1000, mostly: 0.999 } },
  ];
  assert.equal((await checkSuite(here.at('tweets.parquet'), suite)).success, true);

  const outputs = { train: here.at('train.parquet'), validation: here.at('validation.parquet'), test: here.at('test.parquet') };
  await splitTable(here.at('tweets.parquet'), outputs, { seed: 7, validation: 0.1, test: 0.2, stratify: 'mood' });
  const seen = new Map<string, string>();
  let counted = 0;
  for (const [side, path] of Object.entries(outputs)) {
    for (const { tweet_id, text, mood, airline } of await readAll(path)) {
      counted++;
      for (const name of [`id ${String(tweet_id)}`, JSON.stringify([text, mood, airline])]) {
        assert.equal(seen.get(name) ?? side, side, name);
        seen.set(name, side);
      }
    }
  }
  assert.equal(counted, rows);
});
