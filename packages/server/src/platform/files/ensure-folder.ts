import path from 'node:path';
import type { Files } from './files.ts';
import { hasCode } from './storage-error.ts';

/** The folder, with what is missing above it, there for good. */
export const ensureFolder = async (files: Files, folder: string): Promise<void> => {
  const parent = path.dirname(folder);
  const isThere = (await files.stat(folder)) !== undefined;
  if (!isThere) {
    if (parent !== folder) await ensureFolder(files, parent);
    await files.makeFolder(folder);
  }
  // Also where it is there: whoever made it may have died before this. What lies in a folder that we may not read was made by others.
  if (parent !== folder) {
    await files.syncFolder(parent).catch((error: unknown) => {
      if (!isThere || !hasCode(error, 'EACCES', 'EPERM')) throw error;
    });
  }
};
