/** Calls back with the stack of whoever prints past the limit, and prints nothing more. */
export const capOutput = (limit: number, onFlood: (stack: string) => void): void => {
  let left = limit;
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
      if (left < 0) return true;
      left -= chunk.length;
      if (left >= 0) return write(chunk, ...rest);
      onFlood(new Error().stack ?? '');
      return true;
    }) as typeof stream.write;
  }
};
