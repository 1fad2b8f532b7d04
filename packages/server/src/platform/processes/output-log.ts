import { type FileHandle, open } from 'node:fs/promises';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { captureLines } from './capture-lines.ts';
import { wholeCharacters } from './utf8.ts';

export interface OutputLog {
  /** Reads the stream to its end into the file, no faster than the disk and the pace allow. */
  readonly capture: (stream: Readable) => Promise<void>;
  /** Adds a word of our own. */
  readonly write: (text: string) => Promise<void>;
  /** Settles when the limit is passed, and else never. */
  readonly overflowed: Promise<void>;
  readonly close: () => Promise<void>;
}

export interface OutputLogOptions {
  readonly file: string;
  /** Where the file ends, whatever the child writes. */
  readonly limitBytes: number;
  /** Makes what hides secrets in one stream, wherever its chunks are cut. */
  readonly createMask?: (() => Transform) | undefined;
}

/** What a child says, appended to one file as UTF-8: stdout and stderr, line by line in the order they came. */
export const openOutputLog = async ({ file, limitBytes, createMask }: OutputLogOptions): Promise<OutputLog> => {
  const handle = await open(file, 'a');
  let room = limitBytes - (await handle.stat()).size;
  let last: Promise<void> = Promise.resolve();
  const { promise: overflowed, resolve: overflow } = Promise.withResolvers<void>();
  const append = (text: string): Promise<void> => {
    if (room < 0) return last;
    const bytes = Buffer.from(text);
    const fits = bytes.length <= room;
    const part = fits ? bytes : wholeCharacters(bytes.subarray(0, room));
    room -= bytes.length;
    last = last.then(() => writeAll(handle, part));
    if (!fits) overflow();
    return last;
  };
  return {
    capture: (stream) =>
      createMask
        ? pipeline(stream, createMask(), (masked: AsyncIterable<Buffer>) => captureLines(masked, append))
        : captureLines(stream, append),
    write: append,
    overflowed,
    close: async () => {
      await last.catch(() => {});
      await handle.close();
    },
  };
};

/** A log that cannot be written (a full disk) fails no step. */
const writeAll = async (handle: FileHandle, bytes: Buffer): Promise<void> => {
  await handle.appendFile(bytes).catch(() => {});
};
