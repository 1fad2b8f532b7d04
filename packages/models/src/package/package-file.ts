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

/** Of a file that lies in the folder itself: no path, no link, nothing that could block. */
export const statPackageFile = async (folder: string, name: string): Promise<{ size: number }> => {
  if (!/^\w[\w.-]*$/.test(name)) throw damaged(`${JSON.stringify(name.slice(0, 100))} is not the name of a file in it`);
  const found = await lstat(join(folder, name)).catch((cause: unknown) => {
    throw damaged(`${name} cannot be read`, cause);
  });
  if (!found.isFile()) throw damaged(`${name} is not a file`);
  return found;
};

export const readPackageFile = async (folder: string, name: string, limit: number): Promise<Buffer> => {
  const { size } = await statPackageFile(folder, name);
  if (size > limit) throw damaged(`${name} has ${size} bytes, more than ${limit}`);
  return readFile(join(folder, name));
};

export const readPackageText = async (folder: string, name: string, limit: number): Promise<string> =>
  textOf(name, await readPackageFile(folder, name, limit));

/** Text in UTF-8, to the letter. */
export const textOf = (name: string, bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw damaged(`${name} is not UTF-8`, cause);
  }
};

export const jsonOf = (name: string, text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw damaged(`${name} is not JSON`, cause);
  }
};
