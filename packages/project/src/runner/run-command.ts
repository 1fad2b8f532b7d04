import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { AppError, type Code, invalid } from '@boucle/contract';
import type { Attempt } from './attempt.ts';
import { pythonEnvironment } from './python-environment.ts';
import { contentOf } from './step-spec.ts';

type Command = Extract<Code, { command: unknown }>;

/** Runs a command step, without a shell, where its files were staged. Secrets are variables of its environment; its output is the log. */
export const runCommand = async (attempt: Attempt, { command, python }: Command): Promise<void> => {
  const { spec, layout, hooks } = attempt;
  const words = wordsOf(attempt);
  const [program = '', ...args] = command.flatMap((part) => fill(part, words));
  const secrets = Object.fromEntries(spec.secrets.map((name) => [name, hooks.secret?.(name)]));
  const environment = python && (await pythonEnvironment(join(layout.bundle, python.lock), hooks.onLog));
  const child = spawn(program, args, {
    cwd: layout.bundle,
    env: {
      ...process.env,
      PATH: [...(environment ? [environment] : []), process.env['PATH'] ?? ''].join(delimiter),
      ...secrets,
      BOUCLE_SEED: String(seedNumber(spec.seed)),
      PYTHONUNBUFFERED: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(hooks.signal && { signal: hooks.signal }),
  });
  const last: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      hooks.onLog?.(line);
      if (last.push(line) > 5) last.shift();
    });
  }
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once('close', (...how) => resolve(how));
    child.once('error', (cause: NodeJS.ErrnoException) => reject(cause.code === 'ENOENT' ? noProgram(program, cause) : cause));
  });
  if (code === 0) return;
  throw new AppError(
    'failed_precondition',
    `${program} ended with ${signal ?? `status ${code}`}${last.length > 0 ? `: ${last.join('\n')}` : ''}`,
    { reason: 'command_failed' },
  );
};

const noProgram = (program: string, cause: Error): AppError =>
  new AppError('failed_precondition', `The program "${program}" is not on this machine; install it, or run the step where it is`, {
    reason: 'program_missing',
    cause,
  });

/** What stands for `{name}`: paths of inputs and outputs, values of parameters. */
const wordsOf = ({ spec, layout }: Attempt): Map<string, readonly string[]> => {
  const words = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(spec.params)) words.set(name, [typeof value === 'string' ? value : JSON.stringify(value)]);
  for (const [name, given] of Object.entries(spec.inputs))
    words.set(
      name,
      given.map(({ kind }, i) => join(layout.input(name, i), contentOf[kind])),
    );
  for (const [name, { kind }] of Object.entries(spec.ports.outputs)) words.set(name, [join(layout.output(name), contentOf[kind])]);
  return words;
};

/** An argument that is one placeholder becomes as many as there are things; within a longer one there has to be exactly one. */
const fill = (part: string, words: ReadonlyMap<string, readonly string[]>): readonly string[] => {
  const whole = /^\{(\w+)\}$/.exec(part)?.[1];
  const all = whole === undefined ? undefined : words.get(whole);
  if (all) return all;
  return [
    part.replaceAll(/\{(\w+)\}/g, (written, name: string) => {
      const [word, another] = words.get(name) ?? [];
      if (word === undefined) return written;
      if (another !== undefined)
        throw invalid(`"${part}" names the list ${name}; give {${name}} an argument of its own`, 'placeholder_list');
      return word;
    }),
  ];
};

/** Within what seeds of other languages take. */
const seedNumber = (seed: string): number => Number.parseInt(seed.slice(0, 8), 16) >>> 1;
