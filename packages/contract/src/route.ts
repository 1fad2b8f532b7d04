import { type Static, type TObject, type TSchema, Type } from 'typebox';
import type { ErrorCode } from './errors.ts';

const parts = ['params', 'query', 'body'] as const;
type Part = (typeof parts)[number];
export type Permission = `${string}:${string}`;

interface Common {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: `/${string}`;
  readonly summary: string;
  readonly tag: string;
  readonly permission: Permission;
  readonly params?: TObject;
  readonly query?: TObject;
  /** What its own work refuses; what its shape implies is in implied-errors.ts. */
  readonly errors: readonly ErrorCode[];
  readonly status?: 200 | 201 | 202;
  /** Starts something: a repeated `Idempotency-Key` gets the first answer again, and starts nothing. */
  readonly idempotent?: true;
}
/** JSON in, JSON out. */
export interface JsonRoute extends Common {
  readonly kind: 'json';
  readonly body?: TObject;
  readonly response: TSchema;
}
/** The request's body is a stream of bytes; the answer is JSON. */
export interface UploadRoute extends Common {
  readonly kind: 'upload';
  readonly response: TSchema;
}
/** The answer is a stream of bytes, in ranges where they are asked for. */
export interface DownloadRoute extends Common {
  readonly kind: 'download';
  readonly media: string;
}
/** Server-sent events, numbered; `Last-Event-ID` resumes after the last one seen. */
export interface EventsRoute extends Common {
  readonly kind: 'events';
  readonly event: TSchema;
}
export type Route = JsonRoute | UploadRoute | DownloadRoute | EventsRoute;
export type Routes = { readonly [name: string]: Route | Routes };
type Kindless = (Omit<JsonRoute, 'kind'> & { readonly kind?: undefined }) | UploadRoute | DownloadRoute | EventsRoute;
type Kinded<R extends Kindless> = R extends { kind: string } ? R : R & { readonly kind: 'json' };

/** Closes the inputs, so that a misspelt field is refused and not ignored. A route without a kind speaks JSON. */
export const defineRoute = <const R extends Kindless>(route: R): Kinded<R> => {
  const closed = parts.flatMap((part) => {
    const schema = (route as { [K in Part]?: TObject })[part];
    return schema ? [[part, Type.With(schema, { additionalProperties: false })]] : [];
  });
  return { kind: 'json', ...route, ...Object.fromEntries(closed) } as unknown as Kinded<R>;
};

/** Optional on the wire, always there once parsed. For fields at the top of a query or body. */
export const withDefault = <T extends TSchema, const V extends Static<T>>(schema: T, value: V) =>
  Type.Optional(Type.With(schema, { default: value }));

type Defaulted<P> = { [K in keyof P]: P[K] extends { default: unknown } ? K : never }[keyof P];
type Parsed<S extends TObject> = Static<S> & Required<Pick<Static<S>, Defaulted<S['properties']> & keyof Static<S>>>;

/** What a caller sends, what a handler is given, and what travels back. */
export type RouteInput<R extends Route> = { [K in keyof R & Part]: R[K] extends TObject ? Static<R[K]> : never };
export type RouteArgs<R extends Route> = { [K in keyof R & Part]: R[K] extends TObject ? Parsed<R[K]> : never };
export type RouteOutput<R extends Route> = R extends { response: TSchema }
  ? Static<R['response']>
  : R extends EventsRoute
    ? Static<R['event']>
    : never;

export const isRoute = (node: Route | Routes): node is Route => typeof node.method === 'string';

/** Every route with its dotted name, in the order of the contract. */
export function* walkRoutes(routes: Routes, prefix = ''): Generator<[name: string, route: Route]> {
  for (const [name, node] of Object.entries(routes)) {
    if (isRoute(node)) yield [`${prefix}${name}`, node];
    else yield* walkRoutes(node, `${prefix}${name}.`);
  }
}
