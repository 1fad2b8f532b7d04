import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Problem, Route } from '@boucle/contract';

/** A request as it goes over the wire, whether or not it makes sense. */
export interface Sent {
  readonly method: string;
  /** With its query; written down as it stands. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}
export interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
}
/** What a route takes, before anything was checked. */
export interface Given {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly data?: unknown;
}

/** A lone surrogate has no UTF-8. */
const encoded = (value: unknown): string => encodeURIComponent(textOf(value).toWellFormed());
const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

export const requestOf = ({ method, path, kind }: Route, { params = {}, query = {}, body, data }: Given): Sent => {
  const address = path.replace(/:(\w+)/g, (_, name: string) => encoded(params[name]));
  const asked = Object.entries(query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  const text = body === undefined ? undefined : JSON.stringify(body);
  return {
    method,
    path: asked.length > 0 ? `${address}?${asked.join('&')}` : address,
    headers:
      kind === 'upload' ? { 'content-type': 'application/octet-stream' } : text === undefined ? {} : { 'content-type': 'application/json' },
    ...(kind === 'upload' ? { body: (data ?? '') as string } : text !== undefined && { body: text }),
  };
};

const agent = new Agent({ keepAlive: true, maxSockets: 16 });
const patienceMs = 10_000;

/** The answer; of one that never ends (news), what came within a moment. */
export const send = async (address: string, sent: Sent): Promise<Got> => {
  try {
    return await sendOver(agent, address, sent);
  } catch (error) {
    // A server may close a connection that is kept between requests; on one of its own each is answered.
    if (!(error instanceof ConnectionLost && error.wasKept)) throw error;
    return sendOver(new Agent(), address, sent);
  }
};

class ConnectionLost extends Error {
  readonly wasKept: boolean;
  constructor(cause: Error, wasKept: boolean) {
    super(cause.message, { cause });
    this.wasKept = wasKept;
  }
}

const sendOver = async (over: Agent, address: string, { method, path, headers, body }: Sent): Promise<Got> => {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const asked = request(address, {
    method,
    path,
    headers: { ...length, ...headers },
    agent: over,
    signal: AbortSignal.timeout(patienceMs),
  });
  asked.end(body);
  const answer = await new Promise<IncomingMessage>((resolve, reject) =>
    asked.on('response', resolve).on('error', (cause) => reject(new ConnectionLost(cause, asked.reusedSocket))),
  );
  const { statusCode: status = 0, headers: said } = answer;
  if (said['content-type'] !== 'text/event-stream') return { status, headers: said, bytes: await buffer(answer) };
  await Promise.race([once(answer, 'data'), sleep(1000)]);
  asked.destroy();
  return { status, headers: said, bytes: Buffer.alloc(0) };
};

export const jsonOf = <T>({ bytes }: Got): T => JSON.parse(bytes.toString()) as T;
export const problemOf = (got: Got): Problem => jsonOf<Problem>(got);
