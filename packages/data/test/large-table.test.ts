import assert from 'node:assert/strict';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { test } from 'node:test';
import { digestTable, ingest, splitTable } from '@boucle/data';
import { folder } from '../src/testing/folder.ts';

const rows = 300_000;
const wide = Array.from({ length: 19 }, (_, c) => `c${c}`);
const line = (i: number): string =>
  [
    570306133677760513n + BigInt(i),
    ...wide.map((_, c) => (c % 3 === 0 ? `"text, ${(i * 7919) % 5003}"` : c % 3 === 1 ? (i * c) % 9973 : ((i * c) % 9973) / 7)),
  ].join(',');

const writeCsv = async (path: string): Promise<void> => {
  const out = createWriteStream(path);
  out.write(`id,${wide.join(',')}\n`);
  for (let from = 0; from < rows; from += 1000) {
    const part = Array.from({ length: 1000 }, (_, i) => line(from + i)).join('\n');
    if (!out.write(`${part}\n`)) await once(out, 'drain');
  }
  await new Promise<void>((resolve) => out.end(() => resolve()));
};

test('a large table is ingested, digested and split in bounded memory', { timeout: 300_000 }, async () => {
  await using here = await folder();
  await writeCsv(here.at('in.csv'));
  const { digest, bytes } = await ingest(here.at('in.csv'), here.at('a.parquet'), { key: ['id'] });
  assert.equal((await digestTable(here.at('a.parquet'), ['id'])).digest, digest);
  const outputs = { train: here.at('train.parquet'), validation: here.at('validation.parquet'), test: here.at('test.parquet') };
  const split = await splitTable(here.at('a.parquet'), outputs, { seed: 1, validation: 0.1, test: 0.2 });
  assert.equal(split.train.rows + split.validation.rows + split.test.rows, rows);
  // The engine is held to 768 MB, and nothing of ours keeps rows.
  const { maxRSS } = process.resourceUsage();

  assert.ok(maxRSS < 1_200_000, `${maxRSS} kB for ${bytes} bytes`);
});
