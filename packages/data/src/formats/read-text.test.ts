import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folder } from '../testing/folder.ts';
import { type Encoding, readText } from './read-text.ts';

const read = async (path: string, encoding: Encoding = 'utf-8') => {
  let text = '';
  for await (const piece of readText(path, encoding)) {
    text += piece.text;
    if (piece.invalid !== undefined) return { text, invalid: piece.invalid };
  }
  return { text };
};

test('characters cut by the pieces of a file come back whole', async () => {
  await using here = await folder();
  const text = 'é😀x'.repeat(60_000);
  assert.deepEqual(await read(await here.file('a', text)), { text });
});

test('a byte order mark is not part of the text', async () => {
  await using here = await folder();
  assert.deepEqual(await read(await here.file('a', '\ufeffid\n')), { text: 'id\n' });
});

test('reading stops at the first byte that is not UTF-8, wherever it is', async () => {
  await using here = await folder();
  const good = 'é😀'.repeat(50_000);
  for (const bad of [[0xe9, 0x20], [0xff], [0xc3], [0xf0, 0x9f, 0x98], [0xed, 0xa0, 0x80]]) {
    const path = await here.file('a', Buffer.concat([Buffer.from(good), Buffer.from(bad)]));
    assert.deepEqual(await read(path), { text: good, invalid: bad[0] });
  }
});

test('Latin-1 has a character for every byte', async () => {
  await using here = await folder();
  const path = await here.file('a', Buffer.from([0x63, 0x61, 0x66, 0xe9]));
  assert.deepEqual(await read(path, 'latin1'), { text: 'café' });
});

test('UTF-16 is recognised by its mark', async () => {
  await using here = await folder();
  const path = await here.file('a', Buffer.from('\ufeffid\n', 'utf16le'));
  await assert.rejects(read(path), { reason: 'wrong_encoding', message: /UTF-16/ });
});
