import path from 'node:path';
import type { Files } from './files.ts';

/** The folder, with what is missing above it, there for good. */
export const ensureFolder = async (files: Files, folder: string): Promise<void> => {
  const parent = path.dirname(folder);
  if (!(await files.stat(folder))) {
    if (parent !== folder) await ensureFolder(files, parent);
    await files.makeFolder(folder);
  }
  // Also where it is there: whoever made it may have died before this.
  if (parent !== folder) await files.syncFolder(parent);
};
