import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Call, Fields } from './call.ts';

/** What a server answered, in the words of the sequence: its own ids and times are gone. */
export interface Said {
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
  readonly body?: unknown;
}

const mostPages = 40;
const place = /«([^»]+)»/g;
/** Set by the server from its clock. */
const serverTimes = new Set([
  'creation_time',
  'last_update_time',
  'creation_timestamp',
  'last_updated_timestamp',
  'creation_timestamp_ms',
  'last_updated_timestamp_ms',
]);
/** Sets, which come in any order. */
const sets = new Set([
  'tags',
  'params',
  'metrics',
  'aliases',
  'dataset_inputs',
  'model_inputs',
  'model_outputs',
  'dataset_summaries',
  'registrations',
  'latest_versions',
]);

/** One of the two servers, and what it called the things of one sequence. */
export const sideOf = (url: string, prefix: string) => {
  const names = new Map<string, string>([['p', prefix]]);

  const filled = (text: string): string => text.replaceAll(place, (_, name: string) => names.get(name) ?? unknown(name, prefix));
  const filledIn = (value: unknown): unknown => {
    if (typeof value === 'string') return filled(value);
    if (Array.isArray(value)) return value.map(filledIn);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [filled(key), filledIn(one)]));
  };

  const send = async ({ method, path, fields = {}, inBody = false, bytes }: Call, token?: string) => {
    const sent = filledIn({ ...fields, ...(token !== undefined && { page_token: token }) }) as Fields;
    if (inBody) return getWithBody(url + filled(path), JSON.stringify(sent));
    const query = method === 'GET' ? queryOf(sent) : '';
    const body = method === 'GET' ? undefined : (bytes ?? JSON.stringify(sent));
    const response = await fetch(url + filled(path) + query, {
      method,
      ...(body !== undefined && {
        body,
        headers: { 'content-type': bytes === undefined ? 'application/json' : 'application/octet-stream' },
      }),
      signal: AbortSignal.timeout(120_000),
    });
    return { status: response.status, text: await response.text(), type: response.headers.get('content-type') ?? '' };
  };

  const hear = (value: unknown, ordered: string | undefined, key = ''): unknown => {
    if (Array.isArray(value)) {
      const heard = value.map((one) => hear(one, ordered, key));
      return sets.has(key) && key !== ordered ? heard.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : heard;
    }
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(
        Object.entries(value)
          .filter(([name]) => name !== 'next_page_token')
          .map(([name, one]) => [name, hear(one, ordered, name)]),
      );
    if (serverTimes.has(key)) return typeof value === 'number' ? '<time>' : value;
    return typeof value === 'string' ? unfilled(value, key) : value;
  };
  const unfilled = (text: string, key: string): string => {
    let heard = text;
    for (const [name, own] of names) {
      if (/^\d+$/.test(own)) {
        if (key === 'experiment_id' && heard === own) heard = `«${name}»`;
        heard = heard.replace(new RegExp(`^(mlflow-artifacts:/)${own}(?=/|$)`), `$1«${name}»`);
        if (key === 'value' && heard.includes(`"${own}"`)) heard = heard.replaceAll(`"${own}"`, `"«${name}»"`);
      } else heard = heard.replaceAll(own, `«${name}»`);
    }
    return heard;
  };

  return {
    ask: async (call: Call): Promise<Said> => {
      const { status, text, type } = await send(call);
      // Nobody reads what an upload is answered with.
      if (call.bytes !== undefined && status < 300) return { status };
      if (!type.includes('json') || call.path.startsWith('/api/2.0/mlflow-artifacts/artifacts/')) {
        const refusal = status < 300 ? undefined : (tryParse(text) as Fields | undefined);
        return status < 300
          ? { status, body: type.includes('json') && text.trim() === '{}' ? {} : text }
          : { status, code: textIn(refusal, 'error_code') ?? 'none', message: textIn(refusal, 'message') ?? text };
      }
      const body = parse(text) as Fields;
      if (status >= 300) return { status, code: String(body['error_code']), message: String(body['message']) };
      for (const [name, at] of Object.entries(call.names ?? {})) {
        const own = at.split('.').reduce<unknown>((found, step) => (found as Fields | undefined)?.[step], body);
        if (typeof own === 'string') names.set(name, own);
      }
      if (call.pages === undefined) return { status, body: hear(body, orderedIn(call)) };
      const items = [...((body[call.pages] ?? []) as unknown[])];
      let token = body['next_page_token'];
      for (let page = 1; token !== undefined && page < mostPages; page++) {
        const more = await send(call, token as string);
        if (more.status >= 300) return { status: more.status, code: `on page ${page}`, message: more.text };
        const next = parse(more.text) as Fields;
        items.push(...((next[call.pages] ?? []) as unknown[]));
        token = next['next_page_token'];
      }
      return { status, body: hear({ ...body, [call.pages]: items }, orderedIn(call)) };
    },
  };
};
export type Side = ReturnType<typeof sideOf>;

/** What `fetch` does not do. On a connection of its own: one that was kept might be closed meanwhile. */
const getWithBody = async (url: string, body: string) => {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const asked = request(url, { method: 'GET', headers, agent: false }).end(body);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: response.statusCode!, text: await text(response), type: response.headers['content-type'] ?? '' };
};

/** Of what was never made, or whose making was dropped: an id that no server has. */
const unknown = (name: string, prefix: string): string => {
  const hash = createHash('sha256').update(`${prefix} ${name}`).digest('hex').slice(0, 32);
  if (name.startsWith('experiment')) return `99${Number.parseInt(hash.slice(0, 8), 16)}`;
  return name.startsWith('logged') ? `m-${hash}` : hash;
};

/** Points come in an order, the latest of each metric in none. */
const orderedIn = ({ path }: Call): string | undefined => (path.includes('metrics/get-history') ? 'metrics' : undefined);

const queryOf = (fields: Fields): string => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== null && one !== undefined) query.append(name, typeof one === 'object' ? JSON.stringify(one) : String(one));
  return query.size === 0 ? '' : `?${query}`;
};

/** Whole numbers beyond 2^53 stay as they were written; a bare NaN, which is no JSON, is read as the text. */
const parse = (text: string): unknown =>
  JSON.parse(text.replaceAll(/(?<="value": ?)NaN(?=[,}\s])/g, '"NaN"'), ((_key: string, value: unknown, { source }: { source: string }) =>
    typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(source)
      ? `${source}n`
      : value) as never);
const textIn = (fields: Fields | undefined, name: string): string | undefined => {
  const value = fields?.[name];
  return typeof value === 'string' ? value : undefined;
};
const tryParse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
