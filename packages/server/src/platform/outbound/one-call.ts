import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { AppError } from '@boucle/contract';
import type { Way } from './find-way.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}
export interface Limits {
  readonly connectMs: number;
  /** Of the whole call, its redirects included. */
  readonly totalMs: number;
  readonly answerBytes: number;
}
export interface Asked {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}
interface About {
  readonly way: Way;
  readonly limits: Limits;
  /** Ends the call when its time is over. */
  readonly signal: AbortSignal;
  readonly ca: string | undefined;
}

/** One request over a connection of its own, to an address that was checked; redirects are answered as they are. */
export const callOnce = ({ url, method, headers, body }: Asked, { way, limits, signal, ca }: About): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const options: RequestOptions & { ca?: string } = {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }) },
      lookup: pinned(way),
      agent: false,
      signal,
      ...(ca !== undefined && { ca }),
    };
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options);
    const slow = setTimeout(
      () => request.destroy(noConnection(way, `no connection within ${limits.connectMs / 1000} s`)),
      limits.connectMs,
    );
    const connected = (): void => clearTimeout(slow);
    request.on('socket', (socket) => socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', connected));
    request.on('close', connected);
    request.on('error', (error) => reject(signal.aborted ? tooSlow(way, limits) : asRefusal(error, way)));
    request.on('response', (response) => {
      read(response, limits.answerBytes).then(resolve, (error: Error) => {
        request.destroy();
        reject(signal.aborted ? tooSlow(way, limits) : asRefusal(error, way));
      });
    });
    request.end(body);
  });

/** Node would look the name up again, and might be told another address. */
const pinned = ({ addresses }: Way): LookupFunction =>
  ((_host, options, done) => {
    if (options.all) done(null, [...addresses]);
    else done(null, addresses[0]!.address, addresses[0]!.family);
  }) as LookupFunction;

const read = async (response: IncomingMessage, limit: number): Promise<Answer> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limit) {
      throw new AppError('too_large', `The answer is longer than ${limit} bytes`, { reason: 'answer_too_large', details: { limit } });
    }
    chunks.push(chunk);
  }
  const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
  return { status: response.statusCode ?? 0, headers, body: Buffer.concat(chunks) };
};

const asRefusal = (error: Error, way: Way): AppError =>
  error instanceof AppError ? error : noConnection(way, (error as { code?: string }).code ?? error.message, error);
const noConnection = ({ host, port }: Way, why: string, cause?: unknown): AppError =>
  new AppError('unavailable', `${host}:${port} could not be called (${why}): check that it runs and may be reached from here`, {
    reason: 'call_failed',
    details: { host, port },
    cause,
  });
const tooSlow = ({ host, port }: Way, { totalMs }: Limits): AppError =>
  new AppError('unavailable', `${host}:${port} did not answer within ${totalMs / 1000} s`, {
    reason: 'call_timed_out',
    details: { host, port },
  });
