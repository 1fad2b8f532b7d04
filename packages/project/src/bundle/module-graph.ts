import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, extname, relative, resolve, sep } from 'node:path';
import { AppError } from '@boucle/contract';
import { sha256 } from '../folder-tree.ts';
import { libraryFile } from '../library/address.ts';
import { importsOf, type Import } from './imports-of.ts';
import { type PackageCode, createPackages, isBrought, isByVersion } from './installed-packages.ts';
import { type PackageHome, fileOf, findPackage, ownPackage, packageNameOf } from './package-home.ts';

/** One module that a step's code loads. In `path` it has the same name on every machine. */
export interface ReachedModule {
  readonly path: string;
  readonly file: string;
  readonly sha256: string;
}
export interface Closure {
  readonly modules: readonly ReachedModule[];
  readonly packages: readonly PackageCode[];
  /** Of the packages those that no runner brings: their files have to travel. */
  readonly travelling: readonly PackageHome[];
}

/** What steps see of Boucle: ports, parameters, `out`, `random`. It changes when one of these means something else than before. */
export const surfaceFormat = 'boucle.surface/1';
const surface = '@boucle/project';
const scripts = new Set(['.ts', '.mts', '.js', '.mjs']);

/**
 * Follows imports from a module: the project's own files and those of Boucle's packages in a checkout one by one, installed packages whole.
 *
 * Boucle itself is treated so that no step depends on what it does not use. Its surface counts by `surfaceFormat`, though it is a door to
 * every step of the library; a step of the library that is imported by name counts by its own closure, trainer and all. typebox and the
 * contract, which describe and compute nothing, count by their versions.
 */
export const createModuleGraph = () => {
  const packages = createPackages();
  const sources = new Map<string, Promise<ModuleSource>>();

  /** `root`: the project's folder, for a module of a project. */
  const closureOf = async (entry: string, root?: string): Promise<Closure> => {
    const modules = new Map<string, ReachedModule>();
    const reached = new Map<string, PackageCode>();
    const travelling = new Map<string, PackageHome>();
    const visit = async (file: string): Promise<void> => {
      if (modules.has(file)) return;
      const path = nameOf(file, root);
      const source = sources.get(file) ?? readModule(file, path);
      sources.set(file, source);
      const { sha256: hash, imports } = await source;
      modules.set(file, { path, file, sha256: hash });
      for (const { specifier, names } of imports) await follow(file, specifier, names);
    };
    const follow = async (importer: string, specifier: string, names: readonly string[]): Promise<void> => {
      if (isBuiltin(specifier) || specifier.startsWith('data:')) return;
      if (/^(\.{0,2}\/|file:)/.test(specifier)) return visit(localFile(importer, specifier));
      if (specifier.startsWith('#')) return followInto(ownPackage(importer), specifier, importer);
      if (specifier === surface) {
        reached.set(surface, { name: surface, version: surfaceFormat, integrity: '' });
        for (const file of libraryFilesOf(names)) await visit(file);
        return;
      }
      const home = findPackage(specifier, importer);
      if (!home) throw missing(nameOf(importer, root), specifier, 'install it');
      if (home.linked && isBrought(home.name) && !isByVersion(home.name)) {
        return followInto(home, `.${specifier.slice(packageNameOf(specifier).length)}`, importer);
      }
      if (home.linked && !isBrought(home.name)) throw linkedPackage(nameOf(importer, root), home);
      const isOurs = isBrought(home.name) || isBrought(nameOf(importer, root));
      for (const { home: found, ...one } of await packages.reach(home)) {
        reached.set(`${one.name}@${one.version}`, one);
        if (!isOurs && !isBrought(one.name)) travelling.set(found.folder, found);
      }
    };
    const followInto = async (home: PackageHome | undefined, subpath: string, importer: string): Promise<void> => {
      const file = home && fileOf(home, subpath);
      if (!file) throw missing(nameOf(importer, root), subpath, `${home?.name ?? 'its package'} does not export it`);
      return visit(file);
    };
    await visit(entry);
    return {
      modules: sorted([...modules.values()], (m) => m.path),
      packages: sorted([...reached.values()], (p) => `${p.name}@${p.version}`),
      travelling: [...travelling.values()],
    };
  };
  return { closureOf };
};
export type ModuleGraph = ReturnType<typeof createModuleGraph>;

const sorted = <T>(items: readonly T[], by: (item: T) => string): T[] => [...items].sort((a, b) => (by(a) < by(b) ? -1 : 1));

interface ModuleSource {
  readonly sha256: string;
  readonly imports: readonly Import[];
}
const readModule = async (file: string, path: string): Promise<ModuleSource> => {
  const source = await readFile(file).catch((cause: unknown) => {
    throw new AppError('failed_precondition', `${path} cannot be read; a step imports it`, { reason: 'module_missing', cause });
  });
  if (/\.c[jt]s$/.test(file)) {
    throw new AppError('failed_precondition', `${path} is CommonJS, whose requires cannot be followed; write it as an ES module`, {
      reason: 'not_a_module',
    });
  }
  if (!scripts.has(extname(file))) return { sha256: sha256(source), imports: [] };
  const { imports, unfollowable } = await importsOf(source.toString('utf8'));
  const [odd] = unfollowable;
  if (odd) {
    const where = `${path}:${odd.line}`;
    throw new AppError(
      'failed_precondition',
      `${where}: ${odd.text} cannot be followed, so nobody could tell when it changes; import by a literal name`,
      {
        reason: 'import_not_literal',
        details: { where },
      },
    );
  }
  return { sha256: sha256(source), imports };
};

const localFile = (importer: string, specifier: string): string =>
  specifier.startsWith('file:')
    ? new URL(specifier).pathname
    : resolve(dirname(importer), decodeURIComponent(specifier.replace(/[?#].*$/, '')));

/** A module of the project by its path there; one of Boucle's behind the name of its package. */
const nameOf = (file: string, root?: string): string => {
  const inside = (folder: string): string => relative(folder, file).replaceAll(sep, '/');
  if (root !== undefined && !inside(root).startsWith('..')) return inside(root);
  const home = ownPackage(file);
  if (!home?.name)
    throw new AppError(
      'failed_precondition',
      `${file} is outside the project's folder ${root ?? ''}: move it inside, or make it a package`,
      {
        reason: 'module_outside',
      },
    );
  return `${home.name}/${inside(home.folder)}`;
};

const libraryFiles = new Map(
  Object.entries({
    compare: 'compare',
    compareApproaches: 'compare-approaches',
    evaluate: 'evaluate',
    evaluateTabular: 'evaluate-tabular',
    learningCurve: 'learning-curve',
    measureModel: 'measure-model',
    searchText: 'search-text',
    split: 'split',
    trainRegression: 'train-tabular',
    trainTabular: 'train-tabular',
    trainText: 'train-text',
    validate: 'validate',
  }).map(([name, module]) => [name, libraryFile(`${surface}/library/${module}`)]),
);
/** Those of the library's steps that are imported by these names. */
const libraryFilesOf = (names: readonly string[]): string[] =>
  names.includes('*') ? [...libraryFiles.values()] : names.flatMap((name) => libraryFiles.get(name) ?? []);

const linkedPackage = (where: string, { name, folder }: PackageHome): AppError =>
  new AppError(
    'failed_precondition',
    `${where} imports "${name}", which is linked from ${folder}, where it may change and cannot travel: install a packed copy of it ("npm pack")`,
    { reason: 'package_linked', details: { where } },
  );

const missing = (where: string, specifier: string, advice: string): AppError =>
  new AppError('failed_precondition', `${where} imports "${specifier}", which is not there: ${advice}`, {
    reason: 'module_missing',
    details: { where },
  });
