import type { Output } from '../io.ts';

/** A few lines at the end of a terminal that are drawn anew as things move. On anything but a terminal it draws nothing. */
export const createLiveBlock = (stream: Output) => {
  let drawn = 0;
  const clear = (): string => (drawn > 0 ? `\x1b[${drawn}A\x1b[J` : '');
  return {
    draw: (lines: readonly string[]): void => {
      if (!stream.isTTY) return;
      // A line that wraps would take two rows, and the next drawing would miss one.
      const width = (stream.columns || 80) - 1;
      stream.write(`${clear()}${lines.map((line) => `${fit(line, width)}\n`).join('')}`);
      drawn = lines.length;
    },
    /** Takes the block away, so that what follows stands in its place. */
    clear: (): void => {
      if (drawn > 0) stream.write(clear());
      drawn = 0;
    },
  };
};
export type LiveBlock = ReturnType<typeof createLiveBlock>;

const escapes = /\x1b\[[0-9;]*m/g;
const fit = (line: string, width: number): string => {
  const bare = line.replaceAll(escapes, '');
  return bare.length <= width ? line : `${bare.slice(0, width - 1)}…`;
};
