import path from 'node:path';
import { type TreeDigest, type TreeEntry, AppError, invalid, isDigest, readTreeListing, treeListing } from '@boucle/contract';
import type { Files } from '../files/index.ts';

/** Paths of all files below, with `/`. */
export const filesIn = async (files: Files, folder: string): Promise<string[]> => {
  const found: string[] = [];
  const walk = async (prefix: string): Promise<void> => {
    for (const { name, kind } of await files.list(path.join(folder, prefix))) {
      const inside = prefix + name;
      if (kind === 'folder') await walk(`${inside}/`);
      else if (kind === 'file' && isPlain(inside)) found.push(inside);
      else throw odd(folder, inside, kind);
    }
  };
  await walk('');
  return found;
};

/** A listing may come from anybody: it is taken only if each path stays inside and each file has one place. */
export const readEntries = (text: string, digest: TreeDigest): TreeEntry[] => {
  const entries = parsed(text, digest);
  const paths = new Set<string>();
  for (const { path: file, blob, size } of entries) {
    if (typeof file !== 'string' || !isPlain(file) || paths.has(file)) throw badTree(digest);
    if (typeof blob !== 'string' || !isDigest(blob) || !blob.startsWith('blob:') || !Number.isSafeInteger(size) || size < 0)
      throw badTree(digest);
    paths.add(file);
  }
  const isFolderToo = (file: string): boolean => ancestors(file).some((folder) => paths.has(folder));
  if (entries.some((entry) => isFolderToo(entry.path)) || treeListing(entries) !== text) throw badTree(digest);
  return entries;
};

const parsed = (text: string, digest: TreeDigest): TreeEntry[] => {
  try {
    const entries = readTreeListing(text);
    if (Array.isArray(entries) && entries.every((entry) => typeof entry === 'object' && entry !== null)) return entries;
  } catch (cause) {
    throw badTree(digest, cause);
  }
  throw badTree(digest);
};

/** Relative, nothing but names between single slashes, and the same file on every system. U+FFFD: the name was not UTF-8. */
const isPlain = (file: string): boolean =>
  file.split('/').every((name) => name !== '' && name !== '.' && name !== '..') && !/[\\\0\uFFFD]/.test(file);

const ancestors = (file: string): string[] => {
  const names = file.split('/');
  return names.slice(1).map((_, i) => names.slice(0, i + 1).join('/'));
};

const odd = (folder: string, file: string, kind: string): AppError =>
  invalid(
    kind === 'other'
      ? `${file} in ${folder} is a link, a socket or the like: only plain files and folders can be stored; put a copy of the file there`
      : `${file} in ${folder} has a name that other systems cannot carry: rename it without backslashes, in UTF-8`,
    'odd_file',
    { folder, file },
  );

const badTree = (digest: TreeDigest, cause?: unknown): AppError =>
  new AppError(
    'invalid_request',
    `${digest} does not name a listing of a folder: store the folder again and use the digest that comes back`,
    {
      reason: 'bad_tree',
      details: { digest },
      cause,
    },
  );
