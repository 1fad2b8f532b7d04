import { StringDecoder } from 'node:string_decoder';
import { createPace } from './pace.ts';

/** Hands over what a child prints as whole lines, so that those of stdout and stderr do not mix; a line begun is handed over after a pause. */
export const captureLines = async (chunks: AsyncIterable<Buffer>, write: (text: string) => Promise<void>): Promise<void> => {
  const pace = createPace(bytesPerSecond);
  const decoder = new StringDecoder('utf8');
  let begun = '';
  let quiet: NodeJS.Timeout | undefined;
  const take = (length: number): string => {
    const text = begun.slice(0, length);
    begun = begun.slice(length);
    return text;
  };
  for await (const chunk of chunks) {
    await pace(chunk.length);
    begun += decoder.write(chunk);
    const ready = Math.max(begun.lastIndexOf('\n') + 1, begun.length - longestLine);
    if (ready > 0) await write(take(ready));
    clearTimeout(quiet);
    if (begun) quiet = setTimeout(() => void write(take(begun.length)), pauseMs);
  }
  clearTimeout(quiet);
  begun += decoder.end();
  if (begun) await write(take(begun.length));
};

const bytesPerSecond = 8 * 2 ** 20;
const longestLine = 64 * 1024;
const pauseMs = 200;
