import { tmpdir } from 'node:os';
import { Readable, Writable } from 'node:stream';
import type { Io } from '../io.ts';
import { main } from '../main.ts';

/** A stream that keeps what is written. */
export const collector = (more: { isTTY?: boolean; columns?: number } = {}) => {
  let text = '';
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  return Object.assign(stream, more, { text: () => text });
};

export interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}
interface Around {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: string;
  readonly fetch?: NonNullable<Io['fetch']>;
}

/** One command line, carried out in this process as if nobody sat at a terminal. */
export const runCli = async (args: readonly string[], { cwd = tmpdir(), env = {}, stdin = '', fetch }: Around = {}): Promise<Ended> => {
  const [stdout, stderr] = [collector(), collector()];
  const status = await main(args, { stdin: Readable.from([stdin]), stdout, stderr, env, cwd, ...(fetch && { fetch }) });
  return { status, out: stdout.text(), err: stderr.text() };
};
