import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { hasCode } from '../files/index.ts';
import { type Mentions, noteMentions } from './mentions.ts';

/** What the records of every log below a folder name. They are read as they stand, also where they are damaged. */
export const noteMentionsInLogs = async (folder: string, mentions: Mentions): Promise<void> => {
  for (const file of await segmentsBelow(folder)) {
    noteMentions(await readFile(path.join(folder, file), 'latin1'), mentions);
  }
};

/** Paths of all segments below a folder, in their order. */
export const segmentsBelow = async (folder: string): Promise<string[]> => {
  try {
    return (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.segment')).sort();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
};
