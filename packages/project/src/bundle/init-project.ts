import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError, invalid } from '@boucle/contract';
import { broughtPackages } from '../runner/brought-packages.ts';
import { type NewProject, completeProject } from './new-project.ts';
import { projectTemplate } from './project-template.ts';

/** Writes a small project that runs as it stands. From a checkout its packages are linked, so that nothing needs to be installed. */
export const initProject = async (folder: string, about: NewProject): Promise<readonly string[]> => {
  const project = completeProject(about);
  const there = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw invalid(`${folder} is not a folder that can be read: ${cause.message}`, 'folder_unreadable');
  });
  if (there.length > 0) {
    throw new AppError('conflict', `${resolve(folder)} is not empty (${there.slice(0, 3).join(', ')}); give the project a new folder`, {
      reason: 'folder_not_empty',
    });
  }
  const checkout = linkedCheckout();
  const files = { ...projectTemplate(project), 'package.json': packageJson(project.name, checkout ?? (await ownVersion())) };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  if (checkout) await linkPackages(folder);
  return Object.keys(files).sort();
};

const ownFolder = (): string => fileURLToPath(new URL('../..', import.meta.url));
/** As a dependency of npm, where this is no installed package. */
const linkedCheckout = (): string | undefined =>
  ownFolder().split(sep).includes('node_modules') ? undefined : `file:${ownFolder().replace(/\/$/, '')}`;
const ownVersion = async (): Promise<string> =>
  (JSON.parse(await readFile(join(ownFolder(), 'package.json'), 'utf8')) as { version: string }).version;

const packageJson = (name: string, boucle: string): string =>
  `${JSON.stringify({ name, private: true, type: 'module', scripts: { test: 'node --test' }, dependencies: { '@boucle/project': boucle } }, null, 2)}\n`;

/** The types of Node too, where the checkout has them: for an editor. */
const linkPackages = async (folder: string): Promise<void> => {
  const packages = { ...broughtPackages() };
  const types = join(dirname(packages['typebox'] ?? ''), '@types', 'node');
  for (const [name, target] of Object.entries({ ...packages, ...(existsSync(types) && { '@types/node': types }) })) {
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(target, link, 'junction');
  }
};
