import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';

/** Keeps the disk busy: writes 16 MB and syncs them, over and over, in one file of at most 256 MB. Tells each fsync's milliseconds. */
const chunk = Buffer.alloc(16 * 1024 * 1024, 'boucle');
const chunks = 16;
const file = openSync(path.join(process.argv[2]!, 'filler'), 'w');
process.on('SIGTERM', () => {
  closeSync(file);
  process.exit(0);
});
const fill = (turn: number): void => {
  writeSync(file, chunk, 0, chunk.length, (turn % chunks) * chunk.length);
  const began = performance.now();
  fsyncSync(file);
  process.send!(performance.now() - began);
  setImmediate(fill, turn + 1);
};
fill(0);
