import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Io } from '../io.ts';

/** Asks at a terminal without showing what is typed; anywhere else it is all of the standard input, but for the last line's end. */
export const readSecret = async ({ stdin, stderr }: Pick<Io, 'stdin' | 'stderr'>, question: string): Promise<string> => {
  if (!stdin.isTTY) return (await text(stdin)).replace(/\r?\n$/, '');
  stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: stdin, output: nowhere, terminal: true });
  const cancelled = new AbortController();
  // Ctrl-C, and Ctrl-D, which only closes.
  for (const end of ['SIGINT', 'close']) reader.once(end, () => cancelled.abort());
  try {
    return await reader.question('', { signal: cancelled.signal });
  } finally {
    reader.close();
    stderr.write('\n');
  }
};
