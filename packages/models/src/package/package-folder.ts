import path from 'node:path';
import type { PackageFiles } from './approach.ts';
import { type Digests, digestOf, digestOfFile, digestsFile, parseDigests } from './digests.ts';
import type { BoucleFlavor } from './ml-model.ts';
import { damaged, fileLimits, readPackageFile, readPackageText, statPackageFile, textOf, jsonOf } from './package-file.ts';

/** The files of a package as its approach sees them, by role; and by name for what every package has. */
export interface PackageFolder extends PackageFiles {
  readonly jsonNamed: (name: string, limit: number) => Promise<unknown>;
  /** Compares the digests of the files that nobody has read. */
  readonly verifyRest: () => Promise<void>;
}

/** Each file is compared with its digest when it is read. */
export const openPackageFolder = async (
  folder: string,
  { data, digests: name }: Pick<BoucleFlavor, 'data' | 'digests'>,
): Promise<PackageFolder> => {
  const digests = await readDigests(folder, name);
  const verified = new Set<string>();

  const compare = (file: string, digest: string): void => {
    if (digests?.get(file) !== digest) throw damaged(`${file} does not have the digest that ${digestsFile} gives it`);
    verified.add(file);
  };
  const verify = async (file: string): Promise<void> => {
    await statPackageFile(folder, file);
    if (digests && !verified.has(file)) compare(file, await digestOfFile(path.join(folder, file)));
  };
  const read = async (file: string, limit: number): Promise<Buffer> => {
    const bytes = await readPackageFile(folder, file, limit);
    if (digests) compare(file, digestOf(bytes));
    return bytes;
  };
  const nameOf = (role: string): string => {
    if (!Object.hasOwn(data, role)) throw damaged(`MLmodel names no file of ${role}`);
    return data[role]!;
  };
  const jsonNamed = async (file: string, limit: number): Promise<unknown> => jsonOf(file, textOf(file, await read(file, limit)));

  return {
    bytes: (role, limit) => read(nameOf(role), limit),
    text: async (role, limit) => textOf(nameOf(role), await read(nameOf(role), limit)),
    json: (role, limit) => jsonNamed(nameOf(role), limit),
    path: async (role) => {
      await verify(nameOf(role));
      return path.join(folder, nameOf(role));
    },
    jsonNamed,
    verifyRest: async () => {
      for (const file of digests?.keys() ?? []) await verify(file);
    },
  };
};

/** The first packages had no digests: of these the folder's own digest is the only proof. A list that lies there is never passed over. */
const readDigests = async (folder: string, name: string | undefined): Promise<Digests | undefined> => {
  if (name === undefined) {
    const isThere = await statPackageFile(folder, digestsFile).then(
      () => true,
      () => false,
    );
    if (isThere) throw damaged(`MLmodel does not name ${digestsFile}, which is there`);
    return undefined;
  }
  if (name !== digestsFile) throw damaged(`the digests are not called ${digestsFile}`);
  const digests = parseDigests(await readPackageText(folder, name, fileLimits.mlModel));
  if (!digests.has('MLmodel')) throw damaged(`${digestsFile} does not name MLmodel`);
  return digests;
};
