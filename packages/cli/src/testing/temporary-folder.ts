import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of one's own, and how to be rid of it. */
export const temporaryFolder = async (): Promise<{ folder: string; remove: () => Promise<void> }> => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'boucle-cli-')));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
};
