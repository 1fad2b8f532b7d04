import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** An array's own bytes; every machine that Node runs on today is little-endian. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);

export const digestOf = (parts: readonly Uint8Array[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

/** A file that is not there has no bytes. */
export const digestOfFile = async (path: string): Promise<{ bytes: number; sha256: string }> => {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return { bytes, sha256: hash.digest('hex') };
};

export const writeSynced = async (path: string, parts: readonly Uint8Array[]): Promise<void> => {
  await using file = await open(path, 'wx');
  for (const part of parts) await inPieces(part, (piece) => file.write(piece).then(({ bytesWritten }) => bytesWritten));
  await file.sync();
};

/** The file is known to be long enough. */
export const fillArrays = async (path: string, parts: readonly Uint8Array[]): Promise<void> => {
  await using file = await open(path, 'r');
  for (const part of parts) await inPieces(part, (piece) => file.read(piece).then(({ bytesRead }) => bytesRead));
};

/** Writes and reads may do less than they were asked to. */
const inPieces = async (bytes: Uint8Array, take: (piece: Uint8Array) => Promise<number>): Promise<void> => {
  for (let done = 0; done < bytes.length;) {
    const taken = await take(bytes.subarray(done, done + 2 ** 26));
    if (taken === 0) throw new Error('The file ended too soon');
    done += taken;
  }
};

/** A rename is durable once its folder is synced; Windows cannot open folders, and does without. */
export const syncFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const folder: FileHandle = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
};
