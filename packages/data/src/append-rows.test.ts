import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { folder as aFolder } from './testing/folder.ts';
import { appendRows, findRows, ingest, sampleRows, splitTable } from './index.ts';

const aTable = async (folder: string, csv: string, key: string[]) => {
  const source = path.join(folder, 'in.csv');
  const base = path.join(folder, 'base.parquet');
  await writeFile(source, csv);
  return { base, ingested: await ingest(source, base, { key }) };
};

test('rows that were there keep identity and order, and what is known or does not fit is not taken', async () => {
  await using here = await aFolder();
  const folder = here.root;
  const { base } = await aTable(folder, 'id,text,label,stars\na,late,bad,1\nb,great,good,5\n', ['id']);
  const before = await sampleRows(base, { offset: 0, limit: 10 });
  const target = path.join(folder, 'more.parquet');
  const rows = [
    { id: 'c', text: 'lost bag', label: 'bad' },
    { id: 'd', text: 'late', label: 'good' },
    { id: 'a', text: 'other', label: 'bad' },
    { id: 'e', text: 'fine', label: 'superb' },
    { id: 'f', text: 'slow', label: 'bad', stars: 'many' },
    { id: 'g', text: 'lost bag', label: 'good' },
  ];
  const appended = await appendRows(base, target, { rows, key: ['id'], unlike: ['text'], values: { label: ['bad', 'good'] } });
  assert.deepEqual([appended.added, appended.rows, appended.repeatedKeys], [1, 3, 0]);
  assert.deepEqual(
    appended.refused.map(({ row, reason }) => [row, reason]),
    [
      [1, 'known'],
      [2, 'known'],
      [3, 'misfit'],
      [4, 'misfit'],
      [5, 'known'],
    ],
  );
  const after = await sampleRows(target, { offset: 0, limit: 10 });
  assert.deepEqual(after.slice(0, 2), before);
  assert.deepEqual([after[2]!['id'], after[2]!['stars']], ['c', null]);
  assert.equal((await findRows(target, [String(after[2]!['_row'])])).length, 1);
});

test('appending is reading the longer file, to the digest', async () => {
  await using here = await aFolder();
  const folder = here.root;
  const whole = path.join(folder, 'whole.parquet');
  for (const key of [['id'], []]) {
    const { base } = await aTable(folder, 'id,text\na,late\nb,great\n', key);
    const target = path.join(folder, 'more.parquet');
    const appended = await appendRows(base, target, { rows: [{ id: 'c', text: 'kind' }], key, unlike: ['text'] });
    await writeFile(path.join(folder, 'whole.csv'), 'id,text\na,late\nb,great\nc,kind\n');
    assert.equal(appended.digest, (await ingest(path.join(folder, 'whole.csv'), whole, { key })).digest);
  }
});

test('the test side stays what it was, and nothing that is fed back says what one of its rows says', async () => {
  await using here = await aFolder();
  const folder = here.root;
  const texts = Array.from({ length: 400 }, (_, i) => `flight ${i} was late`);
  const { base } = await aTable(
    folder,
    `id,text,label\n${texts.map((text, i) => `t${i},${text},${i % 2 ? 'bad' : 'good'}`).join('\n')}\n`,
    ['id'],
  );
  const options = { seed: 7, validation: 0.1, test: 0.2 };
  const split = async (file: string, name: string) => {
    const sides = {
      train: path.join(folder, `${name}-train`),
      validation: path.join(folder, `${name}-validation`),
      test: path.join(folder, `${name}-test`),
    };
    await splitTable(file, sides, options);
    return Object.fromEntries(
      await Promise.all(
        Object.entries(sides).map(async ([side, where]) => [side, await sampleRows(where, { offset: 0, limit: 1000 })] as const),
      ),
    );
  };
  const before = await split(base, 'before');
  const target = path.join(folder, 'more.parquet');
  // Every second one says again what is known, some of it with another label.
  const rows = Array.from({ length: 200 }, (_, i) => ({
    id: `p${i}`,
    text: i % 2 ? texts[i]! : `new flight ${i}`,
    label: i % 3 ? 'bad' : 'good',
  }));
  const { added } = await appendRows(base, target, { rows, key: ['id'], unlike: ['text'] });
  assert.equal(added, 100);
  const after = await split(target, 'after');
  const ids = (side: readonly Record<string, unknown>[]) => new Set(side.map(({ _row }) => _row));
  for (const side of ['train', 'validation', 'test'] as const) {
    const now = ids(after[side]!);
    assert.ok(
      [...ids(before[side]!)].every((id) => now.has(id)),
      side,
    );
  }
  const held = new Set(before['test']!.map(({ text }) => text));
  assert.ok(after['train']!.every(({ text }) => !held.has(text)));
  const tested = ids(after['test']!);
  assert.ok([...ids(after['train']!)].every((id) => !tested.has(id)));
});
