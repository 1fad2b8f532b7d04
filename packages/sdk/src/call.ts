import type { Route } from '@boucle/contract';
import { refusalOf } from './api-error.ts';
import type { CallOptions } from './call-options.ts';
import { readEvents } from './event-stream.ts';

export interface Input {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly data?: Bytes;
}
/** What `fetch` takes as a body: text, bytes or a stream of them. */
export type Bytes = NonNullable<RequestInit['body']>;

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;
interface Where {
  readonly baseUrl: string;
  readonly token: string | undefined;
  readonly fetcher: Fetch;
}

const addressOf = (route: Route, { params, query = {} }: Input, baseUrl: string): string => {
  const path = route.path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(String(params?.[key])));
  const url = new URL(path, baseUrl);
  for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, String(value));
  return url.href;
};

const send = async (where: Where, route: Route, input: Input, options: CallOptions): Promise<Response> => {
  const { range } = options;
  const headers: Record<string, string> = {
    ...(where.token && { authorization: `Bearer ${where.token}` }),
    ...(input.body !== undefined && { 'content-type': 'application/json' }),
    ...(input.data !== undefined && { 'content-type': 'application/octet-stream' }),
    ...(options.idempotencyKey && { 'idempotency-key': options.idempotencyKey }),
    ...(range && { range: `bytes=${range.start}-${range.end ?? ''}` }),
    ...(options.lastEventId !== undefined && { 'last-event-id': String(options.lastEventId) }),
  };
  const body = input.data ?? (input.body === undefined ? undefined : JSON.stringify(input.body));
  // Streams as request bodies need `duplex`, which the DOM's types do not know yet.
  const init = {
    method: route.method,
    headers,
    ...(body !== undefined && { body, duplex: 'half' }),
    ...(options.signal && { signal: options.signal }),
  };
  const response = await where.fetcher(addressOf(route, input, where.baseUrl), init as RequestInit);
  if (!response.ok) throw await refusalOf(response);
  return response;
};

/** One method of the client: what it does follows from the kind of its route. */
export const callOf = (where: Where, route: Route) => {
  switch (route.kind) {
    case 'json':
    case 'upload':
      return async (input: Input = {}, options: CallOptions = {}): Promise<unknown> => (await send(where, route, input, options)).json();
    case 'download':
      return (input: Input = {}, options: CallOptions = {}): Promise<Response> => send(where, route, input, options);
    case 'events':
      return (input: Input = {}, options: CallOptions = {}) =>
        readEvents((lastEventId) => send(where, route, input, { ...options, ...(lastEventId !== undefined && { lastEventId }) }), options);
  }
};
