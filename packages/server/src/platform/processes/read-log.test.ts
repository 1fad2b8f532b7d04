import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { readLog } from './read-log.ts';

let folder: string;
before(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'boucle-read-log-'))));
after(() => rm(folder, { recursive: true }));

test('parts of any size, read one after the other, are the whole log', async () => {
  const file = path.join(folder, 'any.log');
  const text = fc.string({ unit: fc.constantFrom('a', '\n', 'é', '語', '🔁', '👩‍🚀'), maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 20 }), async (written, limit) => {
      await writeFile(file, written);
      let read = '';
      for (let offset = 0, complete = false; !complete;) {
        const part = await readLog(file, offset, limit);
        read += part.text;
        assert.ok(part.nextOffset > offset || part.complete);
        ({ nextOffset: offset, complete } = part);
      }
      assert.equal(read, written);
    }),
    { numRuns: 200 },
  );
});

test('an offset inside a character begins at the next one', async () => {
  const file = path.join(folder, 'inside.log');
  await writeFile(file, '🔁ab');
  assert.deepEqual(await readLog(file, 2, 100), { text: 'ab', offset: 4, nextOffset: 6, complete: true });
});

test('a character still being written is left for later', async () => {
  const file = path.join(folder, 'half.log');
  await writeFile(file, Buffer.from('a🔁').subarray(0, 3));
  assert.deepEqual(await readLog(file, 0, 100), { text: 'a', offset: 0, nextOffset: 1, complete: false });
});

test('a log not begun yet is empty, and an offset past the end is the end', async () => {
  assert.deepEqual(await readLog(path.join(folder, 'none.log'), 0, 100), { text: '', offset: 0, nextOffset: 0, complete: true });
  const file = path.join(folder, 'short.log');
  await writeFile(file, 'abc');
  assert.deepEqual(await readLog(file, 9, 100), { text: '', offset: 9, nextOffset: 9, complete: true });
});
