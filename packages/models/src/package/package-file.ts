import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@boucle/contract';

/** A package that is not what it says it is. Nothing in it is used. */
export const damaged = (what: string, cause?: unknown): AppError =>
  new AppError('failed_precondition', `The model package is damaged: ${what}; fetch it again, or train it again`, {
    reason: 'damaged_package',
    cause,
  });

/** Limits on what is read and written, so that a package from outside cannot fill the memory. In bytes. */
export const fileLimits = { mlModel: 1 << 20, labels: 16 << 20, example: 64 << 20, vocabulary: 256 << 20, weights: 448 << 20 } as const;

/** The bytes of a file that lies in the folder itself: no path, no link, nothing that could block. */
export const readPackageFile = async (folder: string, name: string, limit: number): Promise<Buffer> => {
  if (!/^\w[\w.-]*$/.test(name)) throw damaged(`${JSON.stringify(name.slice(0, 100))} is not the name of a file in it`);
  const path = join(folder, name);
  const found = await lstat(path).catch((cause: unknown) => {
    throw damaged(`${name} cannot be read`, cause);
  });
  if (!found.isFile()) throw damaged(`${name} is not a file`);
  if (found.size > limit) throw damaged(`${name} has ${found.size} bytes, more than ${limit}`);
  return readFile(path);
};

/** Text in UTF-8, to the letter. */
export const readPackageText = async (folder: string, name: string, limit: number): Promise<string> => {
  const bytes = await readPackageFile(folder, name, limit);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw damaged(`${name} is not UTF-8`, cause);
  }
};

export const readPackageJson = async (folder: string, name: string, limit: number): Promise<unknown> => {
  const text = await readPackageText(folder, name, limit);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw damaged(`${name} is not JSON`, cause);
  }
};
