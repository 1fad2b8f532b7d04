import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Io } from './io.ts';

const configFile = 'boucle.config.ts';
const format = 'boucle.project-cache/1';

/** What is said, else the project of the folder, else `default`. */
export const projectOf = async (said: string | undefined, { env, cwd }: Pick<Io, 'env' | 'cwd'>): Promise<string> =>
  said ?? env['BOUCLE_PROJECT'] ?? (existsSync(join(cwd, configFile)) ? folderProject(cwd) : 'default');

/** To evaluate a configuration takes a process of its own: its name is kept until the file changes. */
const folderProject = async (folder: string): Promise<string> => {
  const config = createHash('sha256')
    .update(await readFile(join(folder, configFile)))
    .digest('hex');
  const kept = await readKept(folder);
  if (kept?.config === config) return kept.project;
  const { evaluateConfig } = await import('@boucle/project/bundle');
  const { project } = await evaluateConfig(folder);
  await keep(folder, { format, config, project });
  return project;
};

interface Kept {
  readonly format: string;
  readonly config: string;
  readonly project: string;
}
const keptFile = (folder: string): string => join(folder, '.boucle', 'project.json');

const readKept = async (folder: string): Promise<Kept | undefined> => {
  try {
    const kept = JSON.parse(await readFile(keptFile(folder), 'utf8')) as Kept;
    return kept.format === format ? kept : undefined;
  } catch {
    // Not there, or half written: the configuration itself says it again.
    return undefined;
  }
};

const keep = async (folder: string, kept: Kept): Promise<void> => {
  try {
    await mkdir(join(folder, '.boucle'), { recursive: true });
    await writeFile(keptFile(folder), `${JSON.stringify(kept)}\n`);
  } catch {
    // A folder that cannot be written to is only slower.
  }
};
