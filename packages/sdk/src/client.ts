import {
  type DownloadRoute,
  type EventsRoute,
  type Route,
  type RouteInput,
  type RouteOutput,
  type Routes,
  type UploadRoute,
  api,
  isRoute,
} from '@boucle/contract';
import { type Bytes, callOf, type Fetch } from './call.ts';
import type { CallOptions } from './call-options.ts';

type Sent<R extends Route> = R extends UploadRoute ? RouteInput<R> & { readonly data: Bytes } : RouteInput<R>;
type Answered<R extends Route> = R extends DownloadRoute
  ? Promise<Response>
  : R extends EventsRoute
    ? AsyncGenerator<RouteOutput<R>>
    : Promise<RouteOutput<R>>;
type Method<R extends Route> = (input: Sent<R>, options?: CallOptions) => Answered<R>;
/** The contract, each route a method. */
export type ClientOf<T> = { readonly [K in keyof T]: T[K] extends Route ? Method<T[K]> : ClientOf<T[K]> };
export type Client = ClientOf<typeof api>;

export interface ClientOptions {
  /** `http://127.0.0.1:5050`; in a browser, the page's own origin. */
  readonly baseUrl: string;
  readonly token?: string | undefined;
  readonly fetch?: Fetch;
}

/**
 * A client with one method for each route of the contract.
 *
 *     const boucle = createClient({ baseUrl: 'http://127.0.0.1:5050' });
 *     const run = await boucle.runs.get({ params: { project: 'default', runId } });
 */
export const createClient = ({ baseUrl, token, fetch: fetcher = (url, init) => fetch(url, init) }: ClientOptions): Client => {
  const build = (routes: Routes): object =>
    Object.fromEntries(
      Object.entries(routes).map(([name, node]) => [name, isRoute(node) ? callOf({ baseUrl, token, fetcher }, node) : build(node)]),
    );
  return build(api) as Client;
};
