import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** All of it or nothing, also after a power cut. */
export const writeDurably = async (path: string, text: string): Promise<void> => {
  const temporary = `${path}.tmp`;
  await using file = await open(temporary, 'w');
  await file.writeFile(text);
  await file.sync();
  await rename(temporary, path);
  await using folder = await open(dirname(path), 'r');
  await folder.sync();
};
