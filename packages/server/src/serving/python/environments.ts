import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@boucle/contract';
import type { Log } from '../../platform/index.ts';
import { environmentDigest, readRequirements, type Requirements } from './requirements.ts';
import { runProgram } from './run-program.ts';

export interface EnvironmentParts {
  /** Each environment is a folder below it, by its digest. */
  readonly folder: string;
  /** A program on the PATH, or its place. */
  readonly python: string;
  readonly log: Log;
}
interface Interpreter {
  readonly program: string;
  /** Such as `cpython-3.11.7`. */
  readonly version: string;
}

const makeMs = 30 * 60_000;
const unusedMs = 30 * 24 * 3600_000;

/** Python environments of models, made once of what they require. The same requirements share one. */
export const createPythonEnvironments = ({ folder, python, log }: EnvironmentParts) => {
  const making = new Map<string, Promise<string>>();
  const interpreters = new Map<string, Promise<Interpreter | undefined>>();
  const ask = (program: string): Promise<Interpreter | undefined> => {
    const known =
      interpreters.get(program) ?? versionOf(program).then((version) => (version === undefined ? undefined : { program, version }));
    interpreters.set(program, known);
    return known;
  };
  /** The one that the model was logged with, to the second number, where there is one; pickles are seldom read by another. */
  const interpreterFor = async (wanted: string | undefined): Promise<Interpreter> => {
    const usual = await ask(python);
    const minor = wanted?.split('.').slice(0, 2).join('.');
    const isWanted = (one: Interpreter | undefined): boolean =>
      minor === undefined || one?.version.split('-')[1]?.startsWith(`${minor}.`) === true;
    const same = isWanted(usual) ? usual : await ask(`python${minor}`);
    const found = isWanted(same) ? same : usual;
    if (!found) {
      interpreters.clear();
      throw new AppError(
        'failed_precondition',
        `The model needs Python, and ${python} does not run: install it, or name another in the setting python`,
        {
          reason: 'no_python',
        },
      );
    }
    if (!isWanted(found)) log.warn('a model was logged with another Python than there is', { wanted, found: found.version });
    return found;
  };

  const make = async (target: string, { program, version }: Interpreter, { lines, constraints }: Requirements): Promise<void> => {
    const fresh = `${target}.${randomUUID()}`;
    const started = performance.now();
    log.info('a Python environment is being made', { python: version, requirements: lines.length });
    try {
      await mkdir(fresh, { recursive: true });
      await succeed('A Python environment could not be made', [program, '-m', 'venv', fresh], fresh);
      await writeFile(path.join(fresh, 'requirements.txt'), `${lines.join('\n')}\n`);
      await writeFile(path.join(fresh, 'constraints.txt'), `${constraints.join('\n')}\n`);
      const install = ['-m', 'pip', 'install', '--no-input', '--disable-pip-version-check', '--progress-bar', 'off'];
      await succeed(
        'pip could not install what the model requires',
        [pythonIn(fresh), ...install, '--requirement', 'requirements.txt', '--constraint', 'constraints.txt'],
        fresh,
      );
      await rename(fresh, target);
    } catch (error) {
      await rm(fresh, { recursive: true, force: true });
      throw error;
    }
    log.info('a Python environment was made', { seconds: Math.round((performance.now() - started) / 100) / 10 });
  };

  return {
    /** The Python that has what a model's folder requires. Whoever asks while it is being made waits for that. */
    pythonFor: async (modelFolder: string, wanted: string | undefined): Promise<string> => {
      const requirements = await readRequirements(modelFolder);
      const interpreter = await interpreterFor(wanted);
      const target = path.join(folder, environmentDigest(requirements, interpreter.version));
      if (await isThere(target)) {
        await utimes(target, new Date(), new Date());
        return pythonIn(target);
      }
      const known = making.get(target) ?? make(target, interpreter, requirements).then(() => pythonIn(target));
      making.set(target, known);
      return known.finally(() => making.delete(target));
    },
    /** At start, when none is being made: what a crash left half made goes, and what no model has asked for in a month. */
    tidy: async (): Promise<void> => {
      for (const name of await readdir(folder).catch(() => [])) {
        const place = path.join(folder, name);
        const { mtimeMs } = await stat(place);
        if (name.includes('.') || Date.now() - mtimeMs > unusedMs) await rm(place, { recursive: true, force: true });
      }
    },
  };
};
export type PythonEnvironments = ReturnType<typeof createPythonEnvironments>;

const pythonIn = (environment: string): string => path.join(environment, 'bin', 'python');
const isThere = (place: string): Promise<boolean> =>
  stat(place).then(
    () => true,
    () => false,
  );

const versionOf = async (program: string): Promise<string | undefined> => {
  const tell = 'import platform, sys; print(sys.implementation.name + "-" + platform.python_version())';
  const { exitCode, said } = await runProgram([program, '-I', '-c', tell], { cwd: '/', wallMs: 30_000 });
  return exitCode === 0 ? /^\w+-\d+\.\d+\.\S+$/m.exec(said)?.[0] : undefined;
};

const succeed = async (whatFailed: string, command: readonly string[], cwd: string): Promise<void> => {
  const { exitCode, said } = await runProgram(command, { cwd, wallMs: makeMs });
  if (exitCode === 0) return;
  throw new AppError(
    'failed_precondition',
    `${whatFailed} (${exitCode === null ? 'it was ended' : `exit status ${exitCode}`}): ${tellingOf(said)}`,
    {
      reason: 'environment_not_made',
    },
  );
};
/** What pip calls an error, where it does; else how its log ends. */
const tellingOf = (said: string): string => {
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  const errors = lines.filter((line) => line.startsWith('ERROR:'));
  return (errors.length > 0 ? errors : lines.slice(-8))
    .map((line) => line.slice(0, 600))
    .join('\n')
    .slice(-1500);
};
