import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The `python` of a virtual environment that holds what a file of requirements names; made, or made again, where it does not.
 * Compiling all of it takes longer than compiling what is imported: only who measures wants it.
 */
export const pythonEnvironment = (folder: string, requirements: string, { compile = false } = {}): string => {
  const bin = path.join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');
  const python = path.join(bin, 'python');
  const stamp = path.join(folder, '.requirements');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  console.log(`Installing ${requirements} into ${folder} (once)…`);
  run(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', '--clear', folder]);
  run(python, [
    '-m',
    'pip',
    'install',
    '-qq',
    '--disable-pip-version-check',
    '--no-deps',
    compile ? '--compile' : '--no-compile',
    '--requirement',
    requirements,
  ]);
  writeFileSync(stamp, wanted);
  return python;
};

const run = (program: string, args: readonly string[]): void => {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], timeout: 600_000 });
  if (status === 0) return;
  throw new Error(`${[program, ...args].join(' ')} failed: ${error?.message ?? stderr.trim().slice(-2000)}`);
};
