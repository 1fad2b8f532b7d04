import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that is gone at the end of the scope: `await using here = await folder()`. */
export const folder = async () => {
  const root = await mkdtemp(join(tmpdir(), 'boucle-data-'));
  const at = (name: string): string => join(root, name);
  return {
    root,
    at,
    file: async (name: string, content: string | Uint8Array): Promise<string> => {
      await writeFile(at(name), content);
      return at(name);
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
};
