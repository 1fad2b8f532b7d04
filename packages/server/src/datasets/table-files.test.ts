import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { blobDigest } from '@boucle/contract';
import { createBlobs } from '../platform/blobs/index.ts';
import { createTableFiles } from './table-files.ts';

const root = await mkdtemp(path.join(tmpdir(), 'boucle-tables-'));
after(() => rm(root, { recursive: true }));
const blobs = await createBlobs(path.join(root, 'blobs'));
const digests = await Promise.all(['a', 'b', 'c'].map(async (text) => (await blobs.putBytes(text)).digest));

test('a few files stay, those in use always, and one that went is made again', async () => {
  const folder = path.join(root, 'few');
  const files = createTableFiles({ blobs, folder, keep: 1 });
  const read = (file: string) => readFile(file, 'utf8');
  await files.use(digests[0]!, async (outer) => {
    for (const digest of digests) await files.use(digest, read);
    assert.equal(await read(outer), 'a');
  });
  assert.equal((await readdir(folder)).length, 1);
  assert.deepEqual(await Promise.all([0, 1, 2, 0, 1, 2].map((i) => files.use(digests[i]!, read))), ['a', 'b', 'c', 'a', 'b', 'c']);
  assert.equal((await readdir(folder)).length, 1);
});

test('a blob that is lost is told, and found once it is back', async () => {
  const files = createTableFiles({ blobs, folder: path.join(root, 'lost') });
  const digest = blobDigest('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  await assert.rejects(files.use(digest, readFile), { code: 'failed_precondition', reason: 'blob_lost' });
  await blobs.putBytes('');
  assert.equal((await files.use(digest, (file) => readFile(file))).length, 0);
});
