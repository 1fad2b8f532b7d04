import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { pythonEnvironment } from '../../interop/python-environment.ts';

/** Whoever ends a bench ends its peers. */
process.once('SIGTERM', () => process.exit(143));

interface PeerOptions {
  /** For OpenMP, BLAS and tokenisers; 1 unless told. */
  readonly threads?: number;
  /** Written to the peer's standard input. */
  readonly input?: string;
}

/**
 * Runs one of the Python programs in this folder, in the environment that `requirements.txt` pins (made by the first bench that wants it),
 * and reads the last line it prints as JSON. What it says to standard error is shown.
 */
export const runPeer = async <T>(
  script: `${string}.py`,
  args: readonly string[],
  { threads = 1, input = '' }: PeerOptions = {},
): Promise<T> => {
  const { dirname } = import.meta;
  const python = pythonEnvironment(path.join(dirname, '.venv'), path.join(dirname, 'requirements.txt'), { compile: true });
  const program = [path.join(dirname, script), ...args];
  return lastLineOf<T>(python, program, { input, env: { OMP_NUM_THREADS: `${threads}`, TOKENIZERS_PARALLELISM: `${threads > 1}` } });
};

/** The same for a Node program of ours, so that both sides are measured as processes of their own. */
export const runOurs = <T>(program: string, args: readonly string[], { input = '' }: Pick<PeerOptions, 'input'> = {}): Promise<T> =>
  lastLineOf<T>(process.execPath, [path.join(import.meta.dirname, '..', `${program}.ts`), ...args], { input });

const lastLineOf = async <T>(
  command: string,
  args: readonly string[],
  { input = '', env = {} }: { input?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<T> => {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } });
  const stop = (): void => void child.kill();
  process.once('exit', stop);
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [said, code] = await Promise.all([text(child.stdout), ended]);
  process.off('exit', stop);
  const last = said.trimEnd().split('\n').at(-1) ?? '';
  if (code !== 0 || last === '') throw new Error(`${args[0]} ended with ${code ?? 'a signal'}; see above`);
  return JSON.parse(last) as T;
};
