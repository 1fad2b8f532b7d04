import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, symlink, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { type BlobDigest, type TreeDigest, blobDigest, hexOf, treeDigest, treeListing } from '@boucle/contract';
import fc from 'fast-check';
import { createTwinFiles } from '../files/index.ts';
import { createBlobs } from './index.ts';

const root = await mkdtemp(path.join(tmpdir(), 'boucle-blobs-'));
after(() => rm(root, { recursive: true }));
let count = 0;
const freshFolder = (): string => path.join(root, `${++count}`);
const onDisk = async () => {
  const folder = freshFolder();
  return { folder, blobs: await createBlobs(folder) };
};
const digestOf = (bytes: Uint8Array | string): BlobDigest => blobDigest(createHash('sha256').update(bytes).digest('hex'));
const inFolder = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((e) => e.isFile()).map((e) => e.name);
const fileOf = (folder: string, digest: BlobDigest): string => path.join(folder, hexOf(digest).slice(0, 2), hexOf(digest).slice(2));

test('bytes come back under their SHA-256, and a second put finds them there', async () => {
  const { blobs } = await onDisk();
  const bytes = randomBytes(700_000);
  const stored = await blobs.putBytes(bytes);
  assert.deepEqual(stored, { digest: digestOf(bytes), size: 700_000, created: true });
  assert.deepEqual(await blobs.readBytes(stored.digest), bytes);
  assert.equal((await blobs.putBytes(bytes)).created, false);
  assert.equal(await blobs.has(stored.digest), true);
  assert.equal((await blobs.stat(stored.digest)).size, 700_000);
});

test('other bytes than were announced are refused, and nothing stays', async () => {
  const { folder, blobs } = await onDisk();
  await assert.rejects(blobs.putBytes('one', { expected: digestOf('two') }), { code: 'invalid_request', reason: 'digest_mismatch' });
  await assert.rejects(blobs.putBytes('more than four', { maxBytes: 4 }), { code: 'too_large', reason: 'blob_too_large' });
  assert.deepEqual(await inFolder(folder), []);
});

test('a source that breaks off leaves nothing, and its own failure is told', async () => {
  const { folder, blobs } = await onDisk();
  const broken = async function* () {
    yield Buffer.from('half');
    throw new Error('the client went away');
  };
  await assert.rejects(blobs.put(broken()), /the client went away/);
  assert.deepEqual(await inFolder(folder), []);
});

test('sixteen puts of the same content at once are one blob', async () => {
  const { folder, blobs } = await onDisk();
  const stored = await Promise.all(Array.from({ length: 16 }, () => blobs.putBytes('same')));
  assert.equal(new Set(stored.map(({ digest }) => digest)).size, 1);
  assert.equal((await inFolder(folder)).length, 1);
});

test('any range is that part of the bytes', async () => {
  const blobs = await createBlobs('blobs', createTwinFiles());
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(320), fc.nat(320), async (bytes, a, b) => {
      const { digest } = await blobs.putBytes(bytes);
      const [start, end] = [Math.min(a, b), Math.max(a, b)];
      const read = async () => buffer(await blobs.read(digest, { start, end }));
      if (start > bytes.length) await assert.rejects(read, { reason: 'range_not_satisfiable' });
      else assert.deepEqual(await read(), Buffer.from(bytes.slice(start, end)));
    }),
  );
});

test('an unknown digest is not found, and is what is missing', async () => {
  const { blobs } = await onDisk();
  const unknown = digestOf('unknown');
  const { digest } = await blobs.putBytes('known');
  await assert.rejects(blobs.read(unknown), { code: 'not_found' });
  await assert.rejects(blobs.copyTo(unknown, path.join(root, 'copy')), { code: 'not_found' });
  assert.deepEqual(await blobs.missing([digest, unknown]), [unknown]);
});

test('a damaged blob is named when it is read or copied, and mended by putting it again', async () => {
  const { folder, blobs } = await onDisk();
  const { digest } = await blobs.putBytes('the truth, whole');
  const copy = path.join(root, 'damaged-copy');
  for (const wrong of ['the truth, wrong', 'the truth', 'the truth, whole, and more']) {
    await writeFile(fileOf(folder, digest), wrong);
    await assert.rejects(blobs.readText(digest), { code: 'failed_precondition', reason: 'damaged_blob', message: new RegExp(digest) });
    await assert.rejects(blobs.copyTo(digest, copy), { reason: 'damaged_blob' });
    assert.equal(await blobs.verify(digest), false);
  }
  assert.equal(
    (await readdir(root)).some((name) => name.startsWith('damaged-copy')),
    false,
  );
  await blobs.putBytes('the truth, whole');
  assert.equal(await blobs.verify(digest), true);
  await blobs.copyTo(digest, copy);
  assert.equal(await readFile(copy, 'utf8'), 'the truth, whole');
});

test('the last piece of a damaged blob is held back, for who knows its length would not hear what comes after', async () => {
  const { folder, blobs } = await onDisk();
  const content = Buffer.alloc(600_000, 'x');
  const { digest } = await blobs.putBytes(content);
  content[0] = 0;
  await writeFile(fileOf(folder, digest), content);
  let read = 0;
  await assert.rejects(
    async () => {
      for await (const piece of await blobs.read(digest)) read += (piece as Buffer).length;
    },
    { reason: 'damaged_blob' },
  );
  assert.ok(read < content.length);
});

test('a blob too long to be read at once is refused before it is read', async () => {
  const { blobs } = await onDisk();
  const { digest } = await blobs.putBytes('0123456789');
  await assert.rejects(blobs.readBytes(digest, { limit: 9 }), { code: 'too_large', reason: 'blob_too_large' });
});

test('a folder becomes a tree, and the tree the same folder', async () => {
  const { blobs } = await onDisk();
  const source = freshFolder();
  await mkdir(path.join(source, 'weights/deep'), { recursive: true });
  await writeFile(path.join(source, 'MLmodel'), 'a');
  await writeFile(path.join(source, 'weights/deep/w.bin'), 'b');
  const { tree, entries } = await blobs.putFolder(source);
  assert.deepEqual(entries.map((e) => e.path).sort(), ['MLmodel', 'weights/deep/w.bin']);
  assert.deepEqual(new Set(await blobs.tree(tree)), new Set(entries));
  const target = path.join(freshFolder(), 'not/there/yet');
  await blobs.copyTree(tree, target);
  assert.equal((await blobs.putFolder(target)).tree, tree);
});

test('a link in a folder is refused by name', async () => {
  const { blobs } = await onDisk();
  const source = freshFolder();
  await mkdir(source);
  await symlink('/etc/hostname', path.join(source, 'sly'));
  await assert.rejects(blobs.putFolder(source), { code: 'invalid_request', reason: 'odd_file', message: /sly/ });
});

test('a listing that leads outside, or names a place twice, is no tree', async () => {
  const { blobs } = await onDisk();
  const blob = digestOf('x');
  const ways = [['../up'], ['/root'], ['a//b'], ['a/./b'], ['a\\b'], ['a', 'a'], ['a', 'a/b'], ['']];
  for (const paths of ways) {
    const { digest } = await blobs.putBytes(treeListing(paths.map((p) => ({ path: p, blob, size: 1 }))));
    await assert.rejects(blobs.copyTree(treeDigest(hexOf(digest)), freshFolder()), { reason: 'bad_tree' }, JSON.stringify(paths));
  }
  for (const text of ['{', '[]', 'null', '{"format":"boucle.tree/1","entries":[null]}', '{"format":"boucle.tree/1","entries":[{}]}']) {
    const { digest } = await blobs.putBytes(text);
    await assert.rejects(blobs.tree(treeDigest(hexOf(digest)) satisfies TreeDigest), { reason: 'bad_tree' }, text);
  }
});

test('what a crash left half-written is gone after opening', async () => {
  const { folder } = await onDisk();
  await writeFile(path.join(folder, 'tmp', 'left-over'), 'half');
  await createBlobs(folder);
  assert.deepEqual(await inFolder(folder), []);
});

test('a full disk and a read-only folder say what to do, and nothing half-written stays', async () => {
  const full = createTwinFiles(undefined, { room: () => 10_000 });
  const blobs = await createBlobs('blobs', full);
  await blobs.putBytes('fits');
  await assert.rejects(blobs.putBytes(randomBytes(20_000)), { code: 'unavailable', reason: 'disk_full', message: /free some space/ });
  assert.equal(full.tree().files.size, 1);

  const readOnly = createTwinFiles(undefined, { refuse: (operation) => (operation === 'makeFolder' ? 'EROFS' : undefined) });
  await assert.rejects(createBlobs('blobs', readOnly), { code: 'unavailable', reason: 'read_only' });
});
