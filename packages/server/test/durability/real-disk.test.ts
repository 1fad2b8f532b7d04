import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { createBlobs } from '../../src/platform/blobs/index.ts';
import { lockFolder } from '../../src/platform/lock/index.ts';
import { openRecordLog } from '../../src/platform/segments/index.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'boucle-small-disk-'));
const mount = (...args: string[]): boolean => {
  try {
    execFileSync('mount', args, { stdio: 'ignore' });
    return true;
  } catch {
    return false; // Not root, or not Linux; the twin proves the same without.
  }
};
const skip = mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder) ? false : 'no right to mount a disk of 1 MB';
after(() => {
  if (skip === false) execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true });
});
const fileCount = async (): Promise<number> =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;

test('on a disk that is full, puts and appends are refused with what to do, and go on once there is room', { skip }, async () => {
  const blobs = await createBlobs(path.join(folder, 'blobs'));
  const log = await openRecordLog(path.join(folder, 'log'));
  await log.append({}, { key: 'first', level: 'synced' });
  const filler = await blobs.putBytes(randomBytes(600_000));
  const before = await fileCount();
  await assert.rejects(blobs.putBytes(randomBytes(600_000)), { code: 'unavailable', reason: 'disk_full' });
  assert.equal(await fileCount(), before);
  assert.equal(await blobs.verify(filler.digest), true);

  const append = (i: number) => log.append({ text: 'x'.repeat(50_000) }, { key: `k${String(i).padStart(2, '0')}`, level: 'synced' });
  let kept = 0;
  await assert.rejects(
    async () => {
      for (; kept < 20; kept += 1) await append(kept);
    },
    { code: 'unavailable', reason: 'disk_full' },
  );
  execFileSync('mount', ['-o', 'remount,size=4m', folder]);
  for (let i = kept; i < 20; i += 1) await append(i);
  await log.close();
  const again = await openRecordLog(path.join(folder, 'log'));
  const keys: string[] = [];
  for await (const { key } of again.find({ from: '', to: 'z' })) keys.push(key);
  assert.deepEqual(keys, ['first', ...Array.from({ length: 20 }, (_, i) => `k${String(i).padStart(2, '0')}`)]);
  assert.deepEqual(
    again.segments().flatMap(({ damage }) => damage),
    [],
  );
  await again.close();
});

test('in a folder that cannot be written, blobs, log and lock say so', { skip }, async () => {
  execFileSync('mount', ['-o', 'remount,ro', folder]);
  const readOnly = { code: 'unavailable', reason: 'read_only' };
  await assert.rejects(createBlobs(path.join(folder, 'other')), readOnly);
  await assert.rejects(openRecordLog(path.join(folder, 'other')), readOnly);
  await assert.rejects(lockFolder(path.join(folder, 'other')), readOnly);
  await assert.rejects(lockFolder(folder), readOnly);
});
