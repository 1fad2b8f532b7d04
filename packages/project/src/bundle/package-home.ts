import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** A package where it is installed, or linked from. */
export interface PackageHome {
  readonly name: string;
  readonly version: string;
  /** A real path. */
  readonly folder: string;
  /** Linked from a checkout, where its sources may change under one version. */
  readonly linked: boolean;
  readonly json: PackageJson;
}
export interface PackageJson {
  readonly name?: string;
  readonly version?: string;
  readonly main?: string;
  readonly exports?: unknown;
  readonly imports?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export const packageNameOf = (specifier: string): string => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** The folder of a file, the one above it, and so on. */
function* foldersAbove(file: string): Generator<string> {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    yield folder;
    if (folder === dirname(folder)) return;
  }
}
const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** The package that a bare specifier in `importer` leads to. Node's own search stops where `exports` has no such entry; what is wanted is the folder. */
export const findPackage = (specifier: string, importer: string): PackageHome | undefined => {
  const name = packageNameOf(specifier);
  for (const folder of foldersAbove(importer)) {
    const json = join(folder, 'node_modules', name, 'package.json');
    if (isFile(json)) return readPackage(json);
  }
  const self = ownPackage(importer);
  return self?.name === name ? self : undefined;
};

/** The package that a file belongs to. */
export const ownPackage = (file: string): PackageHome | undefined => {
  for (const folder of foldersAbove(file)) {
    const json = join(folder, 'package.json');
    if (isFile(json)) return readPackage(json);
  }
  return undefined;
};

const readPackage = (jsonFile: string): PackageHome => {
  const folder = dirname(realpathSync(jsonFile));
  const json = JSON.parse(readFileSync(jsonFile, 'utf8')) as PackageJson;
  const linked = !folder.split(sep).includes('node_modules');
  return { name: json.name ?? '', version: json.version ?? '0.0.0', folder, linked, json };
};

/** The file that `exports` (or `imports`, or `main`) says a specifier is. Undefined where it says none. */
export const fileOf = ({ folder, json }: PackageHome, subpath: string): string | undefined => {
  const map = subpath.startsWith('#') ? json.imports : json.exports;
  const target = map === undefined && subpath === '.' ? (json.main ?? './index.js') : targetOf(map, subpath);
  return target === undefined ? undefined : join(folder, target);
};

const conditions = new Set(['node', 'import', 'module-sync', 'default']);
const targetOf = (map: unknown, subpath: string): string | undefined => {
  if (typeof map !== 'object' || map === null || !Object.keys(map).some((key) => /^[.#]/.test(key))) {
    return subpath === '.' ? byCondition(map) : undefined;
  }
  for (const [key, value] of Object.entries(map)) {
    if (key === subpath) return byCondition(value);
    const [start = '', end] = key.split('*');
    if (end !== undefined && subpath.startsWith(start) && subpath.endsWith(end) && subpath.length >= key.length) {
      return byCondition(value)?.replaceAll('*', subpath.slice(start.length, subpath.length - end.length));
    }
  }
  return undefined;
};
const byCondition = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(byCondition).find((one) => one !== undefined);
  for (const [condition, inner] of Object.entries(value ?? {})) {
    const target = conditions.has(condition) ? byCondition(inner) : undefined;
    if (target !== undefined) return target;
  }
  return undefined;
};

/** What npm wrote down of the installed bytes, in the nearest package-lock.json. */
export const lockedIntegrity = ({ folder }: PackageHome): string | undefined => {
  for (const above of foldersAbove(folder)) {
    const lock = lockIn(above);
    if (lock) return lock[relative(above, folder).replaceAll(sep, '/')]?.integrity;
  }
  return undefined;
};

type Lock = Readonly<Record<string, { readonly integrity?: string }>>;
const lockIn = (folder: string): Lock | undefined => {
  const file = join(folder, 'package-lock.json');
  if (!isFile(file)) return undefined;
  return (JSON.parse(readFileSync(file, 'utf8')) as { packages?: Lock }).packages;
};
