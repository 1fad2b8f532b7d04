import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError, type BlobDigest, invalid, notFound } from '@boucle/contract';
import { hasCode } from '../files/index.ts';

export const format = 'boucle.backup/1';

export interface Content {
  readonly digest: BlobDigest;
  readonly size: number;
}
export interface BackedUpFile extends Content {
  /** Below the data directory. */
  readonly path: string;
  /** Of a segment of the prediction log. */
  readonly records?: number;
}
/** What belongs to one backup. All content lies beside it by digest, shared with other backups. */
export interface BackupManifest {
  readonly format: typeof format;
  /** The time at which it began, as a name of a file. */
  readonly id: string;
  readonly startedAt: string;
  readonly endedAt: string;
  /** The release that made it. */
  readonly version: string;
  /** The last migration of the database. */
  readonly schema: string;
  readonly databaseKind: 'sqlite' | 'postgres';
  /** An SQLite file, whichever kind it was. */
  readonly database: Content;
  readonly files: readonly BackedUpFile[];
  /** `list` names each, with its size, a line each. */
  readonly blobs: { readonly count: number; readonly bytes: number; readonly list: Content };
  /** They are in it, sealed; the key is not. */
  readonly sealedSecrets: number;
  /** What was lost or damaged before: it is not in it. */
  readonly lost: readonly BlobDigest[];
  readonly damagedSegments: readonly string[];
}

export const contentFolder = (folder: string): string => path.join(folder, 'blobs');
export const manifestFolder = (folder: string): string => path.join(folder, 'backups');
export const idOf = (at: Date): string => at.toISOString().replace(/[-:.]/g, '');

/** The names of whole backups, oldest first. */
export const listBackups = async (folder: string): Promise<string[]> => {
  try {
    const names = await readdir(manifestFolder(folder));
    return names.flatMap((name) => /^(\d{8}T\d{9}Z)\.json$/.exec(name)?.[1] ?? []).sort();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
};

/** Of the newest backup where none is named. */
export const readManifest = async (folder: string, id?: string): Promise<BackupManifest> => {
  const ids = await listBackups(folder);
  const wanted = id ?? ids.at(-1);
  if (wanted === undefined) throw notFound('backup in', folder);
  if (!ids.includes(wanted)) throw invalid(`There is no backup ${wanted} in ${folder}; there are: ${ids.join(', ')}`, 'unknown_backup');
  const file = path.join(manifestFolder(folder), `${wanted}.json`);
  const manifest = parsed(await readFile(file, 'utf8'));
  if (manifest?.format === format && manifest.files.every(({ path: file }) => isPlaceOfData(file))) return manifest;
  throw new AppError(
    'failed_precondition',
    `${file} is damaged, or was written by a newer Boucle: take another backup, or start that version`,
    {
      reason: 'unreadable_backup',
    },
  );
};

const parsed = (text: string): BackupManifest | undefined => {
  try {
    return JSON.parse(text) as BackupManifest;
  } catch {
    return undefined;
  }
};

/** A backup may come from anybody: its files stay where files of ours lie. */
const places = [/^serving\/predictions\/\w+\/[\w-]+\.segment$/, /^steps\/logs\/[\w-]+\.log$/, /^blobs\/parts\/[\w-]+$/];
export const isPlaceOfData = (file: string): boolean => places.some((place) => place.test(file));

/** `<digits> <size>`, a line each. */
export const blobList = (blobs: readonly { readonly hex: string; readonly size: number }[]): string =>
  blobs.map(({ hex, size }) => `${hex} ${size}\n`).join('');
export const readBlobList = (text: string): { hex: string; size: number }[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [hex = '', size] = line.split(' ');
      return { hex, size: Number(size) };
    });
