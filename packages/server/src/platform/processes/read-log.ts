import { open } from 'node:fs/promises';
import { wholeCharacters } from './utf8.ts';

export interface LogPart {
  readonly text: string;
  readonly offset: number;
  readonly nextOffset: number;
  /** Whether this reaches the end of the file as it is now; who writes it knows if more will come. */
  readonly complete: boolean;
}

/** A part of a log by byte offsets, cut between characters. A log not begun yet is an empty one. */
export const readLog = async (file: string, offset: number, limit: number): Promise<LogPart> => {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!handle) return { text: '', offset, nextOffset: offset, complete: true };
  try {
    const { size } = await handle.stat();
    // A character has up to four bytes: with less, a small limit would stand still before it.
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(Math.min(Math.max(limit, 4), Math.max(size - offset, 0))), {
      position: offset,
    });
    const read = buffer.subarray(0, bytesRead);
    const whole = wholeCharacters(read);
    const from = offset + whole.byteOffset - read.byteOffset;
    return { text: whole.toString(), offset: from, nextOffset: from + whole.length, complete: from + whole.length >= size };
  } finally {
    await handle.close();
  }
};
