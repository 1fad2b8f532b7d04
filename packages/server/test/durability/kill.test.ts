import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { type BlobDigest, isDigest } from '@boucle/contract';
import { createBlobs } from '../../src/platform/blobs/index.ts';
import { openRecordLog } from '../../src/platform/segments/index.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'boucle-killed-'));
after(() => rm(folder, { recursive: true }));

test('a process killed under load loses nothing that it answered, written or synced', { timeout: 120_000 }, async (context) => {
  const answered = new Set<string>();
  for (let round = 0; round < 12; round += 1) {
    const child = fork(path.join(import.meta.dirname, 'killed-writer.ts'), [folder, String(round)]);
    let answers = 0;
    const killAfter = 5 + Math.floor(Math.random() * 200);
    child.on('message', (what: string) => {
      answered.add(what);
      if (++answers === killAfter) child.kill('SIGKILL');
    });
    await once(child, 'close');

    const blobs = await createBlobs(path.join(folder, 'blobs'));
    const log = await openRecordLog(path.join(folder, 'log'));
    const digests = [...answered].filter((what) => isDigest(what)) as BlobDigest[];
    assert.deepEqual(await blobs.missing(digests), []);
    for await (const digest of blobs.digests()) assert.ok(await blobs.verify(digest));
    assert.deepEqual(await readdir(path.join(folder, 'blobs/tmp')), []);
    const found = new Set<string>();
    for await (const { key } of log.find({ from: '', to: '~' })) found.add(key);
    assert.deepEqual(
      [...answered].filter((what) => !isDigest(what) && !found.has(what)),
      [],
    );
    assert.deepEqual(
      log.segments().flatMap(({ damage }) => damage),
      [],
    );
    await log.close();
  }
  context.diagnostic(`${answered.size} answers`);
});
