import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { createMask, maskStream } from '../secrets/index.ts';
import { openOutputLog } from './output-log.ts';

let folder: string;
let count = 0;
const newFile = () => path.join(folder, `${(count += 1)}.log`);
before(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'boucle-output-log-'))));
after(() => rm(folder, { recursive: true }));

/** The bytes cut at the given places. */
const inChunks = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
};

const mask = createMask([['TOKEN', 's3cr3t!']]);

test('what is printed arrives whole, and no secret with it, however the pipe cuts it', async () => {
  const lines = fc.array(fc.constantFrom('token s3cr3t!', 'épée 🔁', '', 's3cr', '3t!'), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(lines, fc.array(fc.nat(), { maxLength: 6 }), async (printed, cuts) => {
      const file = newFile();
      const log = await openOutputLog({ file, limitBytes: 1e6, createMask: () => maskStream(() => mask) });
      await log.capture(Readable.from(inChunks(Buffer.from(printed.join('\n')), cuts)));
      await log.close();
      assert.equal(await readFile(file, 'utf8'), printed.join('\n').replaceAll('s3cr3t!', '‹secret:TOKEN›'));
    }),
    { numRuns: 60 },
  );
});

test('the file ends at its limit, between characters, and says so', async () => {
  const file = newFile();
  const log = await openOutputLog({ file, limitBytes: 10 });
  await log.write('abc\n');
  await log.write('語語語\n');
  await log.overflowed;
  await log.write('more\n');
  await log.close();
  assert.equal(await readFile(file, 'utf8'), 'abc\n語語');
});

test('lines of two streams do not mix', async () => {
  const file = newFile();
  const log = await openOutputLog({ file, limitBytes: 1e6 });
  const [out, err] = [new PassThrough(), new PassThrough()];
  const captured = Promise.all([log.capture(out), log.capture(err)]);
  out.write('one ');
  err.write('two ');
  out.end('one\n');
  err.end('two\n');
  await captured;
  await log.close();
  assert.deepEqual((await readFile(file, 'utf8')).split('\n').sort(), ['', 'one one', 'two two']);
});

test('a line begun is there before it ends', { timeout: 5000 }, async () => {
  const file = newFile();
  const log = await openOutputLog({ file, limitBytes: 1e6 });
  const out = new PassThrough();
  const captured = log.capture(out);
  out.write('loading…');
  while ((await readFile(file, 'utf8')) !== 'loading…') await new Promise((resolve) => setTimeout(resolve, 10));
  out.end();
  await captured;
  await log.close();
});

test('bytes that are no text do not end the log', async () => {
  const file = newFile();
  const log = await openOutputLog({ file, limitBytes: 1e6 });
  await log.capture(Readable.from([Buffer.from([0x61, 0xff, 0xf0, 0x9f, 0x0a, 0x62])]));
  await log.close();
  assert.match(await readFile(file, 'utf8'), /^a\uFFFD+\nb$/);
});
