import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '@boucle/contract';
import { sha256 } from '../folder-tree.ts';

const run = promisify(execFile);

/** The `bin` of a virtual environment with what a lock file names. One is made for each content of a lock and kept, under `~/.cache/boucle`. */
export const pythonEnvironment = async (lockFile: string, log: (line: string) => void = () => {}): Promise<string> => {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'boucle', 'python');
  const version = await say('python3', ['--version']);
  const name = sha256(`${version}\n${await readFile(lockFile, 'utf8')}`).slice(0, 32);
  const kept = join(cache, name);
  const isKept = await access(kept).then(
    () => true,
    () => false,
  );
  if (!isKept) {
    log(`Making a Python environment from ${lockFile}`);
    await mkdir(cache, { recursive: true });
    await makeEnvironment(kept, lockFile);
  }
  return join(kept, 'bin');
};

/** Environments cannot be moved, so each is made where it stays; a link says which of those made at the same moment is the one. */
const makeEnvironment = async (link: string, lockFile: string): Promise<void> => {
  const folder = `${link}-${randomUUID()}`;
  try {
    await say('python3', ['-m', 'venv', folder]);
    await say(join(folder, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', '--requirement', lockFile]);
    await symlink(folder, link);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
};

const say = async (program: string, args: readonly string[]): Promise<string> => {
  try {
    return (await run(program, [...args], { maxBuffer: 16 << 20 })).stdout.trim();
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim().slice(-1000) : '';
    throw new AppError('failed_precondition', `The Python environment cannot be made: ${program} ${args[0] ?? ''} failed. ${said}`.trim(), {
      reason: 'python_environment',
      cause,
    });
  }
};
