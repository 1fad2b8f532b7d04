import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError, invalid } from '@boucle/contract';
import {
  askAbout,
  type Asking,
  defaultIdleMs,
  type Digest,
  headersFor,
  keepTrying,
  requireGood,
  requireSafe,
  signalOf,
} from './remote-file.ts';

export interface Download extends Asking {
  readonly path: string;
  readonly maxBytes: number;
  /** In hex. Without it, what the server says the file's digest is. */
  readonly sha256?: string | undefined;
}

/**
 * Fetches a file to `path`, where it appears only when it is whole and its digest is right; until then it grows in `path.<digest>.part`,
 * which a later call continues. Connections that break are made anew, and continue, as long as each brings something.
 * @throws AppError `not_found`, `permission_denied`, `too_large`, `unavailable`, or `invalid_request` with reason `wrong_digest`.
 */
export const download = async (task: Download): Promise<void> => {
  const remote = await askAbout(task);
  const digest: Digest | undefined = task.sha256 ? { kind: 'sha256', hex: task.sha256.toLowerCase() } : remote.digest;
  requireSize(task, remote.size ?? 0);
  await mkdir(dirname(task.path), { recursive: true });
  // The digest in its name: the rest of another version is never put behind the beginning of this one.
  const part = `${task.path}.${digest?.hex.slice(0, 16) ?? 'unnamed'}.part`;
  if (!digest) await rm(part, { force: true });
  await keepTrying(task, () => fetchRest(task, { part, size: remote.size }));
  if (digest && (await digestOf(part, digest.kind)) !== digest.hex) {
    await rm(part);
    throw invalid(`What came from ${task.url.href} has not the digest ${digest.hex}; fetch it again, or from elsewhere`, 'wrong_digest');
  }
  await rename(part, task.path);
};

const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => ({ size: 0 }))).size;

const requireSize = ({ url, maxBytes }: Pick<Download, 'url' | 'maxBytes'>, size: number): void => {
  if (size > maxBytes) {
    throw new AppError('too_large', `${url.href} has ${size} bytes or more; the limit is ${maxBytes}`, { details: { limit: maxBytes } });
  }
};

/** Brings the part as far as one connection goes. */
const fetchRest = async (task: Download, { part, size }: { readonly part: string; readonly size: number | undefined }): Promise<void> => {
  let have = await sizeOf(part);
  if (size !== undefined && have > size) {
    await rm(part);
    have = 0;
  }
  if (have > 0 && have === size) return;
  const idle = new AbortController();
  const timer = setTimeout(() => idle.abort(new Error('no byte came')), task.idleMs ?? defaultIdleMs);
  const before = have;
  try {
    const headers = { ...headersFor(task, task.url), ...(have > 0 ? { range: `bytes=${have}-` } : {}) };
    const response = await fetch(task.url, { headers, signal: signalOf(task, idle.signal) });
    requireSafe(new URL(response.url));
    // There is nothing behind what is kept: it is of something else.
    if (response.status === 416) await rm(part);
    requireGood(task, response.status);
    // A server without ranges sends everything again.
    const continues = response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${have}-`) === true;
    if (response.status === 206 && !continues) throw new AppError('unavailable', `${task.url.href} answered with another range`);
    const file = await open(part, continues ? 'a' : 'w');
    try {
      if (!continues) have = 0;
      for await (const chunk of response.body ?? []) {
        timer.refresh();
        have += chunk.length;
        requireSize(task, have);
        await file.writeFile(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    if (size !== undefined && have < size) throw new Error('the connection ended early');
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    task.signal?.throwIfAborted();
    const kept = await sizeOf(part);
    throw new AppError('unavailable', `The connection to ${task.url.origin} broke after ${kept} bytes; try again, they are kept`, {
      cause,
      details: { progressed: kept > before },
    });
  } finally {
    clearTimeout(timer);
  }
};

/** In git a file's name is the SHA-1 of its bytes behind their count. */
const digestOf = async (path: string, kind: Digest['kind']): Promise<string> => {
  const hash = createHash(kind === 'sha256' ? 'sha256' : 'sha1');
  if (kind === 'git-blob') hash.update(`blob ${await sizeOf(path)}\0`);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
};

/** Whether a file that is there already is the one with this digest. */
export const hasSha256 = async (path: string, sha256: string): Promise<boolean> =>
  (await digestOf(path, 'sha256')) === sha256.toLowerCase();
