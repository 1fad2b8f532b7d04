import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { type Files, onStorage } from '../files/index.ts';
import { writeWhole } from './write-whole.ts';

/** A whole copy or none. Not synced: it can be made again. */
export const copyOut = (files: Files, source: AsyncIterable<Uint8Array>, target: string): Promise<void> => {
  const temporary = `${target}.${randomUUID()}.part`;
  return writeWhole({
    files,
    source,
    temporary,
    durable: false,
    folder: path.dirname(target),
    finish: () => files.rename(temporary, target),
  });
};

/** The folders that files of these paths lie in, and all above them. */
export const makeFolders = (files: Files, target: string, paths: readonly string[]): Promise<void> =>
  onStorage(target, async () => {
    const made = new Set<string>();
    const make = async (folder: string): Promise<void> => {
      if (made.has(folder) || (await files.stat(folder))) return;
      await make(path.dirname(folder));
      await files.makeFolder(folder);
      made.add(folder);
    };
    await make(target);
    for (const file of paths) await make(path.dirname(path.join(target, file)));
  });
