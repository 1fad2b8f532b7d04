import { join } from 'node:path';
import { type FolderTree, readFolderTree } from '../folder-tree.ts';
import { type PackageHome, findPackage, lockedIntegrity } from './package-home.ts';

/** A package as it enters a code digest. */
export interface PackageCode {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}
export interface InstalledPackage extends PackageCode {
  readonly home: PackageHome;
}

/** They only describe: another copy of the same version computes nothing else. */
export const isByVersion = (name: string): boolean => name === 'typebox' || name === '@boucle/contract';
/** Every runner brings these: they do not travel. */
export const isBrought = (name: string): boolean => name === 'typebox' || name.startsWith('@boucle/');

/** Trees of package folders; they do not change while a process lives. */
const trees = new Map<string, Promise<FolderTree>>();
export const packageTree = ({ folder }: PackageHome): Promise<FolderTree> => {
  const known = trees.get(folder) ?? readFolderTree(folder);
  trees.set(folder, known);
  return known;
};

/** Installed packages, each with all that it depends on in turn. */
export const createPackages = () => {
  const known = new Map<string, Promise<InstalledPackage[]>>();

  const reach = (home: PackageHome): Promise<InstalledPackage[]> => {
    const found = known.get(home.folder) ?? collect(home);
    known.set(home.folder, found);
    return found;
  };
  const collect = async (start: PackageHome): Promise<InstalledPackage[]> => {
    const seen = new Map<string, PackageHome>();
    const add = (home: PackageHome): void => {
      if (seen.has(home.folder)) return;
      seen.set(home.folder, home);
      if (isByVersion(home.name)) return;
      const { dependencies, optionalDependencies, peerDependencies } = home.json;
      for (const name of Object.keys({ ...peerDependencies, ...optionalDependencies, ...dependencies })) {
        // An optional or peer dependency need not be there; a missing one that is needed fails at import, where it is named.
        const dependency = findPackage(name, join(home.folder, 'package.json'));
        if (dependency) add(dependency);
      }
    };
    add(start);
    return Promise.all([...seen.values()].map(describePackage));
  };
  return { reach };
};

export const describePackage = async (home: PackageHome): Promise<InstalledPackage> => {
  const { name, version } = home;
  const integrity = isByVersion(name) ? '' : (lockedIntegrity(home) ?? (await packageTree(home)).digest);
  return { name, version, integrity, home };
};
