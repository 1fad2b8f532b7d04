import { isAbsolute, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The innermost place of a stack that is the project's own, as `steps/clean.ts:12`. `folder` is a real path: modules are loaded by theirs. */
export const whereIn = (stack: string, folder: string): string | undefined => {
  for (const [, url, path, line] of stack.matchAll(/(file:\/\/[^\s()]+?|((?:\/|[A-Za-z]:\\)[^\n()]+?)):(\d+)(?::\d+)?(?=[)\s]|$)/g)) {
    const place = placeIn(folder, path ?? fileURLToPath(url!));
    if (place) return `${place}:${line}`;
  }
  // Of a module that is missing, Node says who wants it in words alone.
  const importer = /imported from (\S.*)$/m.exec(stack)?.[1];
  return importer === undefined ? undefined : placeIn(folder, importer);
};

/** The path relative to the folder, with slashes; undefined for what lies outside, or in a package. */
export const placeIn = (folder: string, path: string): string | undefined => {
  const place = relative(folder, path);
  if (place === '' || place.startsWith('..') || isAbsolute(place) || place.split(sep).includes('node_modules')) return undefined;
  return place.replaceAll(sep, '/');
};
