import { setTimeout as wait } from 'node:timers/promises';
import { AppError, invalid, notFound } from '@boucle/contract';

/** How a server is asked. */
export interface Asking {
  readonly url: URL;
  /** Sent to the URL's own origin only. */
  readonly token?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Without a byte for so long, the connection is given up and made anew. */
  readonly idleMs?: number | undefined;
  /** Before the second attempt; doubled after each that brings nothing. */
  readonly pauseMs?: number | undefined;
}

/** What a server says of a file before it sends it. */
export interface RemoteFile {
  readonly size: number | undefined;
  readonly digest: Digest | undefined;
  /** The revision of the repository that the name in the URL stands for now. */
  readonly commit: string | undefined;
}
export interface Digest {
  readonly kind: 'sha256' | 'git-blob';
  readonly hex: string;
}

export const defaultIdleMs = 30_000;
const attempts = 5;
const mostRedirects = 5;

/** Size, digest and revision, by HEAD. The Hugging Face hub tells the SHA-256 of large files in `x-linked-etag`, on the redirect to them. */
export const askAbout = (asking: Asking): Promise<RemoteFile> =>
  keepTrying(asking, async () => {
    const headers = await headersOf(asking);
    const size = Number(headers.get('x-linked-size') ?? headers.get('content-length') ?? Number.NaN);
    const commit = headers.get('x-repo-commit');
    return {
      size: Number.isSafeInteger(size) ? size : undefined,
      // Elsewhere than on a hub an etag may be anything.
      digest: commit === undefined ? undefined : digestIn(headers.get('x-linked-etag') ?? headers.get('etag')),
      commit,
    };
  });

/** Headers of the file, and what redirects on the way say of it in theirs. */
const headersOf = async (asking: Asking): Promise<ReadonlyMap<string, string>> => {
  const known = new Map<string, string>();
  let url = asking.url;
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const signal = signalOf(asking, AbortSignal.timeout(asking.idleMs ?? defaultIdleMs));
    const options = { method: 'HEAD', redirect: 'manual', headers: headersFor(asking, url), signal } as const;
    const response = await fetch(url, options).catch(asUnavailable(asking));
    const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
    for (const [name, value] of response.headers) {
      if (!known.has(name) && (location === null || name.startsWith('x-'))) known.set(name, value);
    }
    if (location === null) requireGood(asking, response.status);
    if (location === null || known.has('x-linked-etag')) return known;
    url = new URL(location, url);
    requireSafe(url);
  }
  throw new AppError('unavailable', `${asking.url.href} leads from one address to the next without end`);
};

/** Over the open net only with TLS; on this machine, for tests and mirrors, without. */
export const requireSafe = (url: URL): void => {
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(local && url.protocol === 'http:')) {
    throw invalid(`Checkpoints are fetched by https, not from ${url.href}`, 'unsafe_url');
  }
};

export const headersFor = ({ url, token }: Asking, to: URL): Record<string, string> => ({
  'accept-encoding': 'identity',
  ...(token !== undefined && to.origin === url.origin ? { authorization: `Bearer ${token}` } : {}),
});

export const signalOf = ({ signal }: Pick<Asking, 'signal'>, other: AbortSignal): AbortSignal =>
  signal ? AbortSignal.any([signal, other]) : other;

/** Failures of the network become `unavailable`; the caller's own signal stays what it is. */
const asUnavailable =
  ({ url, signal }: Asking) =>
  (cause: unknown): never => {
    signal?.throwIfAborted();
    if (cause instanceof AppError) throw cause;
    throw new AppError('unavailable', `The connection to ${url.origin} failed; try again, what has come is kept`, { cause });
  };

export const requireGood = ({ url }: Asking, status: number): void => {
  if (status === 200 || status === 206) return;
  if (status === 404) throw notFound('file', url.href);
  if (status === 401 || status === 403) {
    throw new AppError('permission_denied', `${url.href} needs a token, or another; a repository that does not exist answers the same`);
  }
  throw new AppError('unavailable', `${url.href} answered with status ${status}; try again later`);
};

const digestIn = (etag: string | undefined): Digest | undefined => {
  const hex = /^(?:W\/)?"?([0-9a-f]{40}|[0-9a-f]{64})"?$/.exec(etag ?? '')?.[1];
  return hex === undefined ? undefined : { kind: hex.length === 64 ? 'sha256' : 'git-blob', hex };
};

/** Again after `unavailable`, until `attempts` in a row have brought nothing. */
export const keepTrying = async <T>({ signal, pauseMs = 500 }: Asking, work: () => Promise<T>): Promise<T> => {
  for (let failed = 1; ; failed++) {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof AppError) || error.code !== 'unavailable' || failed >= attempts) throw error;
      if (error.details['progressed'] === true) failed = 0;
      await wait(pauseMs * 2 ** failed, undefined, { signal });
    }
  }
};
