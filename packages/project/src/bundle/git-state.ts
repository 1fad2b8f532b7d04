import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BlobDigest, blobDigest, canonicalJson } from '@boucle/contract';
import { sha256 } from '../folder-tree.ts';

export interface GitState {
  readonly commit: string | null;
  /** Of what was not committed: the diff of the folder, and those of `sources` that git does not know. Null where there is nothing. */
  readonly changes: BlobDigest | null;
}

const run = promisify(execFile);

export const gitState = async (folder: string, sources: readonly string[]): Promise<GitState> => {
  const git = async (...args: string[]): Promise<string> =>
    (await run('git', args, { cwd: folder, timeout: 10_000, maxBuffer: 256 << 20 })).stdout;
  try {
    const commit = (await git('rev-parse', 'HEAD')).trim();
    const diff = await git('diff', 'HEAD', '--binary', '--no-color', '--no-ext-diff', '--', '.');
    const others = new Set((await git('ls-files', '--others', '-z', '--', '.')).split('\0'));
    const untracked = sources.filter((path) => others.has(path));
    if (diff === '' && untracked.length === 0) return { commit, changes: null };
    const files = await Promise.all(untracked.map(async (path) => ({ path, sha256: sha256(await readFile(join(folder, path))) })));
    return { commit, changes: blobDigest(sha256(canonicalJson({ diff, files }))) };
  } catch {
    // No git, no repository, or nothing committed yet: the bundle's digest still says which code it was.
    return { commit: null, changes: null };
  }
};
