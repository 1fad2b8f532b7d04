import { fileURLToPath } from 'node:url';

const here = new URL('.', import.meta.url).href;
const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
const prefix = '@boucle/project/library/';

/** In plans a step of the library has the same name wherever Boucle is installed; each runner takes its own copy. */
export const libraryName = (moduleUrl: string): string | undefined =>
  moduleUrl.startsWith(here) ? `${prefix}${moduleUrl.slice(here.length, -extension.length)}` : undefined;

export const isLibraryModule = (module: string): boolean => module.startsWith(prefix);

export const libraryFile = (module: string): string => fileURLToPath(new URL(`${module.slice(prefix.length)}${extension}`, here));
