import path from 'node:path';
import { createBlobs } from '../../src/platform/blobs/index.ts';
import { openRecordLog } from '../../src/platform/segments/index.ts';

/** Puts and appends until it is killed, and tells each answer it got. */
const [folder = '', round = ''] = process.argv.slice(2);
const blobs = await createBlobs(path.join(folder, 'blobs'));
const log = await openRecordLog(path.join(folder, 'log'), { segmentBytes: 40_000 });

const putOn = async (writer: number): Promise<never> => {
  for (let i = 0; ; i += 1) process.send?.((await blobs.putBytes(`${round} ${writer} ${i} ${'x'.repeat(i % 5000)}`)).digest);
};
const appendOn = async (writer: number): Promise<never> => {
  for (let i = 0; ; i += 1) {
    const key = `${round}-${writer}-${i}`;
    await log.append({ key, text: 'x'.repeat(i % 500) }, { key, level: i % 2 === 0 ? 'written' : 'synced' });
    process.send?.(key);
    // Leaves the parent time to read.
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
};
await Promise.all([1, 2, 3].flatMap((writer) => [putOn(writer), appendOn(writer)]));
