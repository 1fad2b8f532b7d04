import { access, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AppError, invalid } from '@boucle/contract';
import { download, hasSha256 } from './download.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { askAbout, type Asking, requireSafe } from './remote-file.ts';

/** A checkpoint on the Hugging Face hub, or on a mirror with the same addresses. */
export interface HubSource {
  /** `owner/name`, or a name alone. */
  readonly repository: string;
  /** A branch, a tag or a commit; with a commit that was fetched before, no network is needed. Default `main`. */
  readonly revision?: string;
  /** Default `https://huggingface.co`. */
  readonly baseUrl?: string;
  /** Where checkpoints are kept. Default `~/.cache/boucle/checkpoints`. */
  readonly cache?: string;
  readonly token?: string;
  /** SHA-256 in hex by file name, for a mirror that one does not trust. */
  readonly sha256?: Readonly<Record<string, string>>;
  /** For `model.safetensors`. Default 8 GiB. */
  readonly maxBytes?: number;
}

export interface HubHooks {
  readonly signal?: AbortSignal | undefined;
  readonly log?: ((line: string) => void) | undefined;
  /** For tests: see `download`. */
  readonly idleMs?: number | undefined;
  readonly pauseMs?: number | undefined;
}

/** The weights come last: where they are, the rest is. */
const weights = 'model.safetensors';
const files: readonly { readonly name: string; readonly maxBytes: number; readonly optional?: boolean }[] = [
  { name: 'config.json', maxBytes: 1 << 20 },
  { name: 'tokenizer_config.json', maxBytes: 16 << 20, optional: true },
  { name: 'tokenizer.json', maxBytes: 256 << 20, optional: true },
  { name: 'vocab.txt', maxBytes: 256 << 20, optional: true },
  { name: weights, maxBytes: 8 * 2 ** 30 },
];

/**
 * Fetches a checkpoint into the cache, one folder for each commit, and returns that folder. What is there is not fetched again; what
 * broke off is continued.
 */
export const fetchCheckpoint = async (source: HubSource, hooks: HubHooks = {}): Promise<string> => {
  const { repository, revision = 'main', baseUrl = 'https://huggingface.co' } = source;
  const cache = source.cache ?? join(homedir(), '.cache', 'boucle', 'checkpoints');
  requireName('repository', repository, /^[\w.-]+(\/[\w.-]+)?$/);
  requireName('revision', revision, /^[\w./-]+$/);
  const folderOf = (commit: string): string => join(cache, repository.replace('/', '--'), commit.replaceAll('/', '--'));
  const urlOf = (at: string, name: string): URL =>
    new URL(`${baseUrl.replace(/\/$/, '')}/${repository}/resolve/${encodeURIComponent(at)}/${name}`);
  requireSafe(urlOf(revision, weights));

  // All files from one commit, even if the branch moves meanwhile.
  const told = isCommit(revision)
    ? undefined
    : (await askAbout({ url: urlOf(revision, 'config.json'), token: source.token, ...patience(hooks) })).commit;
  const commit = told !== undefined && isCommit(told) ? told : revision;
  const folder = folderOf(commit);
  if (isCommit(commit) && (await isThere(join(folder, weights))) && (await areAsGiven(folder, source))) return folder;

  const fetchAll = (): Promise<void> => fetchFiles(folder, { source, commit, urlOf: (name) => urlOf(commit, name), hooks });
  await oneAtATime(`${folder}.lock`, fetchAll, hooks.signal);
  return folder;
};

interface Fetching {
  readonly source: HubSource;
  readonly commit: string;
  readonly urlOf: (name: string) => URL;
  readonly hooks: HubHooks;
}

const fetchFiles = async (folder: string, { source, commit, urlOf, hooks }: Fetching): Promise<void> => {
  for (const { name, maxBytes, optional } of files) {
    const path = join(folder, name);
    const sha256 = source.sha256?.[name];
    if (await isThere(path)) {
      // What stands under the name of a branch may have changed.
      if (isCommit(commit) && (sha256 === undefined || (await hasSha256(path, sha256)))) continue;
      await rm(path);
    }
    hooks.log?.(`fetching ${name} of ${source.repository}`);
    const limit = name === weights ? (source.maxBytes ?? maxBytes) : maxBytes;
    await download({ url: urlOf(name), path, maxBytes: limit, token: source.token, sha256, ...patience(hooks) }).catch((error: unknown) => {
      if (!optional || !(error instanceof AppError) || error.code !== 'not_found') throw error;
    });
  }
};

/** Hooks of training may have more in them than is meant for a download. */
const patience = ({ signal, idleMs, pauseMs }: HubHooks): Omit<Asking, 'url'> => ({ signal, idleMs, pauseMs });

const requireName = (what: string, value: string, form: RegExp): void => {
  if (!form.test(value) || value.split('/').some((part) => /^\.+$/.test(part) || part === '')) {
    throw invalid(`${JSON.stringify(value.slice(0, 100))} is not the name of a ${what}`, 'bad_option', { name: what });
  }
};

const isCommit = (revision: string): boolean => /^[0-9a-f]{40}$/.test(revision);

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const areAsGiven = async (folder: string, { sha256 = {} }: HubSource): Promise<boolean> => {
  for (const [name, digest] of Object.entries(sha256)) {
    if (!(await isThere(join(folder, name))) || !(await hasSha256(join(folder, name), digest))) return false;
  }
  return true;
};
