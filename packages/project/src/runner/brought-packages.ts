import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Packages that come with the runner, and where they are: the modules of a project import these copies and no others. */
export const broughtPackages = (): Readonly<Record<string, string>> => ({
  '@boucle/project': fileURLToPath(new URL('../..', import.meta.url)),
  typebox: packageFolder('typebox'),
});

const packageFolder = (name: string): string => {
  const file = fileURLToPath(import.meta.resolve(name));
  const folder = join('node_modules', name);
  return file.slice(0, file.lastIndexOf(folder + sep) + folder.length);
};
