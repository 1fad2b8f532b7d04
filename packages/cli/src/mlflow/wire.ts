import { setTimeout as pause } from 'node:timers/promises';
import { AppError, type ErrorCode } from '@boucle/contract';
import type { Bytes, Fetch } from '@boucle/sdk';

/** A server that speaks MLflow's REST API: Boucle, or any other. */
export interface WireOptions {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly fetch?: Fetch | undefined;
}
type Query = Readonly<Record<string, string | number>>;
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
}

const tries = 5;

export const createWire = ({ url, headers = {}, fetch: fetcher = (address, init) => fetch(address, init) }: WireOptions) => {
  const base = url.replace(/\/+$/, '');
  const addressOf = (path: string, query: Query = {}): string => {
    const asked = new URLSearchParams(Object.entries(query).map(([key, value]): [string, string] => [key, String(value)])).toString();
    return `${base}${path}${asked === '' ? '' : `?${asked}`}`;
  };
  const call = async <T>({ method, path, query, body }: Asked): Promise<T> => {
    const init = {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    // What makes something new would make it twice.
    const mayRepeat = !path.endsWith('/create') && !path.endsWith('/logged-models');
    for (let failures = 0; ; failures++) {
      try {
        const response = await fetcher(addressOf(path, query), init);
        if (!response.ok) throw await refusalOf(response);
        return parseWire(await response.text(), base) as T;
      } catch (error) {
        if (!mayRepeat || failures === tries - 1 || !isBusy(error)) throw error;
        await pause(250 * 2 ** failures);
      }
    }
  };
  return {
    get: <T>(path: string, query?: Query): Promise<T> => call<T>({ method: 'GET', path, ...(query && { query }) }),
    post: <T>(path: string, body: unknown): Promise<T> => call<T>({ method: 'POST', path, body }),
    patch: <T>(path: string, body: unknown): Promise<T> => call<T>({ method: 'PATCH', path, body }),
    remove: <T>(path: string, body: unknown): Promise<T> => call<T>({ method: 'DELETE', path, body }),
    download: async (path: string, query?: Query): Promise<Bytes> => {
      const response = await fetcher(addressOf(path, query), { headers });
      if (!response.ok) throw await refusalOf(response);
      return response.body ?? '';
    },
    upload: async (path: string, body: Bytes): Promise<void> => {
      // Streams as request bodies need `duplex`, which the DOM's types do not know yet.
      const init = { method: 'PUT', headers: { ...headers, 'content-type': 'application/octet-stream' }, body, duplex: 'half' };
      const response = await fetcher(addressOf(path), init as RequestInit);
      if (!response.ok) throw await refusalOf(response);
      await response.body?.cancel();
    },
  };
};
export type Wire = ReturnType<typeof createWire>;

/** Steps beyond 2^53 stay exact, as texts, which the wire takes for numbers. */
const parseWire = (text: string, base: string): unknown => {
  try {
    if (!/\d{16}/.test(text)) return JSON.parse(text);
    return JSON.parse(text, (_, value: unknown, { source } = {} as { source?: string }) =>
      typeof value === 'number' && source !== undefined && /^-?\d+$/.test(source) && !Number.isSafeInteger(value) ? source : value,
    );
  } catch (cause) {
    throw new AppError('invalid_request', `What answers at ${base} is no MLflow server: it sends no JSON`, { reason: 'no_mlflow', cause });
  }
};

const codes: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid_request',
  401: 'unauthenticated',
  403: 'permission_denied',
  404: 'not_found',
  409: 'conflict',
  413: 'too_large',
  429: 'rate_limited',
};
/** MLflow's own code is the reason. */
const refusalOf = async (response: Response): Promise<AppError> => {
  const text = (await response.text()).slice(0, 10_000);
  const { error_code: reason, message = '' } = saidIn(text);
  const code = codes[response.status] ?? (response.status >= 500 ? 'unavailable' : 'invalid_request');
  return new AppError(code, message || `HTTP ${response.status} of ${response.url}: ${text.slice(0, 200)}`, { reason });
};
const saidIn = (text: string): { readonly error_code?: string; readonly message?: string } => {
  try {
    return JSON.parse(text) as object;
  } catch {
    // Something on the way answered, in its own words.
    return {};
  }
};

const isBusy = (error: unknown): boolean =>
  error instanceof AppError ? error.code === 'unavailable' || error.code === 'rate_limited' : error instanceof TypeError;
