import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { type Files, createTwinFiles, diskFiles, ensureFolder, shareSync } from './index.ts';

const root = await mkdtemp(path.join(tmpdir(), 'boucle-files-'));
after(() => rm(root, { recursive: true }));

/** The twin has to behave as the disk does, or what it proves is about itself. */
const both: Record<string, { files: Files; base: string }> = {
  disk: { files: diskFiles, base: root },
  twin: { files: createTwinFiles(), base: 'root' },
};
for (const [name, { files, base }] of Object.entries(both)) {
  describe(`files on the ${name}`, () => {
    const at = (...parts: string[]): string => path.join(base, ...parts);
    const read = async (file: string, range = {}): Promise<string> => (await buffer(files.read(at(file), range))).toString();

    test('what is written is read, whole or in part, and seen in stat and list', async () => {
      await ensureFolder(files, at('a/deep'));
      const file = await files.create(at('a/deep/x'));
      await file.write(Buffer.from('hello'), 0);
      await file.write(Buffer.from('J'), 0);
      await file.write(Buffer.from('!'), 7);
      assert.equal(await read('a/deep/x'), 'Jello\0\0!');
      await file.truncate(4);
      await file.sync();
      await file.close();
      await files.syncFolder(at('a/deep'));
      assert.equal(await read('a/deep/x', { start: 1, end: 3 }), 'el');
      assert.equal(await read('a/deep/x', { start: 9 }), '');
      const { modifiedMs, ...stat } = (await files.stat(at('a/deep/x')))!;
      assert.deepEqual(stat, { kind: 'file', size: 4 });
      await files.touch(at('a/deep/x'));
      assert.ok((await files.stat(at('a/deep/x')))!.modifiedMs >= modifiedMs);
      await assert.rejects(files.touch(at('a/deep/y')), { code: 'ENOENT' });
      assert.equal((await files.stat(at('a')))?.kind, 'folder');
      assert.equal(await files.stat(at('a/deep/x/y')), undefined);
      assert.deepEqual(await files.list(at('a')), [{ name: 'deep', kind: 'folder' }]);
      assert.deepEqual(await files.list(at('a/deep')), [{ name: 'x', kind: 'file' }]);
    });

    test('a taken name, a missing file and a missing folder have their codes', async () => {
      await (await files.create(at('taken'))).close();
      await assert.rejects(files.create(at('taken')), { code: 'EEXIST' });
      await assert.rejects(files.open(at('missing')), { code: 'ENOENT' });
      await assert.rejects(files.unlink(at('missing')), { code: 'ENOENT' });
      await assert.rejects(files.rename(at('missing'), at('x')), { code: 'ENOENT' });
      await assert.rejects(files.list(at('missing')), { code: 'ENOENT' });
      await assert.rejects(files.syncFolder(at('missing')), { code: 'ENOENT' });
      await assert.rejects(files.makeFolder(at('missing/folder')), { code: 'ENOENT' });
      await assert.rejects(buffer(files.read(at('missing'))), { code: 'ENOENT' });
    });

    test('a rename replaces what has the name', async () => {
      for (const content of ['old', 'new']) {
        const file = await files.create(at(content));
        await file.write(Buffer.from(content), 0);
        await file.close();
      }
      await files.rename(at('new'), at('old'));
      assert.equal(await read('old'), 'new');
      assert.equal(await files.stat(at('new')), undefined);
    });
  });
}

test('callers of a shared sync get one that began after they asked', async () => {
  const ends: (() => void)[] = [];
  const sync = shareSync(() => new Promise<void>((resolve) => ends.push(resolve)));
  const answered: string[] = [];
  const call = (name: string) => sync().then(() => answered.push(name));
  const calls = [call('first'), call('second'), call('third')];
  assert.equal(ends.length, 1);
  ends[0]?.();
  await setImmediate();
  assert.deepEqual(answered, ['first']);
  assert.equal(ends.length, 2);
  ends[1]?.();
  await Promise.all(calls);
  assert.equal(ends.length, 2);
});

test('a shared sync that failed is tried again by the next caller', async () => {
  let runs = 0;
  const sync = shareSync(async () => {
    if (++runs === 1) throw new Error('EIO');
  });
  const [first, second] = [sync(), sync()];
  await assert.rejects(first, /EIO/);
  await second;
  assert.equal(runs, 2);
});
