import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@boucle/contract';
import { toBody } from '../sending.ts';
import type { MlflowFile } from './source.ts';

interface Places {
  /** What paths that are not absolute are taken from. */
  readonly from: string;
  /** Where a server that kept artifacts itself put them. */
  readonly artifacts: string | undefined;
}

export const isOnDisk = (uri: string): boolean => uri.startsWith('file:') || !/^[a-z][a-z0-9+.-]+:/i.test(uri);

/** The folder that an artifact URI means on this disk. */
const folderOf = (uri: string, { from, artifacts }: Places): string => {
  const kept = /^mlflow-artifacts:(?:\/\/[^/]*)?\/*(.*)$/.exec(uri);
  if (kept && artifacts !== undefined) return inside(artifacts, kept[1]!);
  if (kept) {
    throw new AppError(
      'invalid_request',
      `The files of ${uri} lie where its server kept them: say which folder that is with --artifact-folder`,
      {
        reason: 'artifacts_elsewhere',
      },
    );
  }
  if (uri.startsWith('file:')) return uri.startsWith('file:/') ? fileURLToPath(uri) : path.resolve(from, uri.slice('file:'.length));
  if (!isOnDisk(uri)) {
    throw new AppError('invalid_request', `The files of ${uri} are not on this disk: start an MLflow server on it, and import from that`, {
      reason: 'artifacts_elsewhere',
    });
  }
  return path.resolve(from, uri);
};
const inside = (folder: string, below: string): string => {
  const found = path.resolve(folder, below);
  if (found.startsWith(`${path.resolve(folder)}${path.sep}`)) return found;
  throw new AppError('invalid_request', `${below} leads out of ${folder}`, { reason: 'artifacts_elsewhere' });
};

/** The files that an artifact URI means. Where nothing is said, there are none: an empty path would be all that lies around. */
export const filesAt = (uri: string, places: Places): AsyncIterable<MlflowFile> =>
  uri === '' ? filesOfNothing() : filesBelow(folderOf(uri, places));
async function* filesOfNothing(): AsyncGenerator<MlflowFile> {}

/** Files below a folder. Links are left out: they may lead anywhere. */
export async function* filesBelow(folder: string, below = ''): AsyncGenerator<MlflowFile> {
  const entries = await readdir(path.join(folder, below), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []; // A run without artifacts may have no folder.
    throw error;
  });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const at = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(folder, at);
    else if (entry.isFile()) {
      const file = path.join(folder, at);
      yield { path: at, size: (await stat(file)).size, open: async () => toBody(createReadStream(file)) };
    }
  }
}
