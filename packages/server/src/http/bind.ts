import type { Readable } from 'node:stream';
import {
  type DownloadRoute,
  type EventsRoute,
  type Route,
  type RouteArgs,
  type RouteOutput,
  type Routes,
  type UploadRoute,
  invalid,
  isRoute,
} from '@boucle/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Actor, type Caller, nowhere, type ProjectRef } from '../governance/index.ts';
import type { CallerOf } from './caller.ts';
import { sendEvents } from './event-stream.ts';
import { gatedRoute } from './gated-route.ts';
import { type Download, sendDownload } from './send-download.ts';
import { type Fields, type Gate, type GatedRoute, requireAtDoor } from './subject-gate.ts';
import { uploadBody } from './upload-body.ts';
import { mismatch, validatorOf } from './validator.ts';

/** What a handler is given beside the parts of its route. */
export interface Request {
  readonly actor: Actor;
  readonly requestId: string;
  readonly idempotencyKey: string | undefined;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
}
type Given<R extends Route> = RouteArgs<R> & Request;
type Handler<R extends Route> = R extends UploadRoute
  ? (given: Given<R> & { readonly data: Readable }) => Promise<RouteOutput<R>>
  : R extends DownloadRoute
    ? (given: Given<R>) => Promise<Download>
    : R extends EventsRoute
      ? (given: Given<R> & { readonly lastEventId: number | undefined }) => AsyncGenerator<RouteOutput<R>>
      : (given: Given<R>) => Promise<RouteOutput<R>>;
export type Handlers<T> = { readonly [K in keyof T]: T[K] extends Route ? Handler<T[K]> : Handlers<T[K]> };

export interface Door {
  readonly callerOf: CallerOf;
  resolveProject(name: string): Promise<ProjectRef>;
  readonly gate: Gate;
  /** In tests and development answers are held against their schema. */
  readonly checkAnswers: boolean;
}

/** Binds the whole contract: leave out a handler and the compiler says so. */
export const bind = <T extends Routes>(
  app: FastifyInstance,
  { routes, handlers, door }: { routes: T; handlers: Handlers<T>; door: Door },
): void => {
  for (const [name, node] of Object.entries(routes)) {
    const handler = (handlers as Record<string, never>)[name]!;
    if (!isRoute(node)) bind(app, { routes: node, handlers: handler, door });
    else if (node.kind === 'upload') void app.register(async (own) => bindRoute(withRawBody(own), node, handler, door));
    else bindRoute(app, node, handler, door);
  }
};

/** An upload is a stream of bytes whatever its content type says. */
export const withRawBody = (app: FastifyInstance): FastifyInstance => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_, payload, done) => done(null, payload));
  return app;
};

type AnyHandler = (given: object) => Promise<unknown> & AsyncGenerator<{ readonly seq: number }>;

const bindRoute = (app: FastifyInstance, route: Route, handler: AnyHandler, door: Door): void => {
  const { method, path: url, params, query: querystring, status = 200 } = route;
  const body = route.kind === 'json' ? route.body : undefined;
  const gated = gatedRoute(route);
  app.route({
    method,
    url,
    schema: { ...(params && { params }), ...(querystring && { querystring }), ...(body && { body }) },
    // Before anything is read: who may not, neither sends much nor learns what would fit.
    onRequest: async (request) => void callers.set(request, await admit(gated, request, door)),
    handler: async (request, reply) => {
      const given = await partsOf(request, reply, { route, door });
      const named: Fields = { ...given.query, ...(body && (request.body as Fields)), ...given.params };
      await door.gate.enter(given.actor, gated, named);
      switch (route.kind) {
        case 'json':
          return reply
            .code(status)
            .send(checked(route, await throughGate({ gated, door, given }, named, await handler({ ...given, body: request.body })), door));
        case 'upload':
          return reply
            .code(status)
            .send(checked(route, await handler({ ...given, data: uploadBody((request.body ?? request.raw) as Readable) }), door));
        case 'download':
          return sendDownload(request, reply, { media: route.media, download: (await handler(given)) as Download });
        case 'events': {
          const last = Number(request.headers['last-event-id'] ?? Number.NaN);
          return sendEvents(reply, handler({ ...given, lastEventId: Number.isSafeInteger(last) && last >= 0 ? last : undefined }));
        }
      }
    },
  });
};

const callers = new WeakMap<FastifyRequest, Caller>();

/** Who asks, if they may. */
const admit = async (gated: GatedRoute, request: FastifyRequest, door: Door): Promise<Caller> => {
  const caller = await door.callerOf(request);
  const { project } = request.params as { project?: string };
  // What somebody may is known without the project, unless it differs from one to another.
  const isElsewhere = project === undefined || (!caller.access && !caller.onlyIn);
  requireAtDoor({ ...caller, project: isElsewhere ? nowhere : await door.resolveProject(project) }, gated);
  return caller;
};

interface Passing {
  readonly gated: GatedRoute;
  readonly door: Door;
  readonly given: { readonly actor: Actor };
}
/** What the caller may see of an answer. */
const throughGate = async ({ gated, door: { gate }, given: { actor } }: Passing, named: Fields, answer: unknown): Promise<unknown> => {
  if (gated.made || gated.moved) await gate.leave(actor, gated, named, answer as Fields);
  if (!gated.list || !actor.access) return answer;
  const { items } = answer as { items: unknown[] };
  return { ...(answer as object), items: items.filter((item) => gate.isShown(actor, gated, item)) };
};

/** What every handler is given. */
const partsOf = async (request: FastifyRequest, reply: FastifyReply, { route, door }: { route: Route; door: Door }) => {
  const params = request.params as { project?: string };
  const project = params.project === undefined ? nowhere : await door.resolveProject(params.project);
  const actor: Actor = { ...callers.get(request)!, project };
  const gone = new AbortController();
  // Only then: aborting after each answer costs as much as a small handler does.
  reply.raw.on('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  const idempotencyKey = route.idempotent ? keyOf(request) : undefined;
  return { actor, params, query: request.query as Fields, requestId: request.id, idempotencyKey, signal: gone.signal };
};

const keyOf = ({ headers }: FastifyRequest): string | undefined => {
  const key = headers['idempotency-key'];
  if (key === undefined || (typeof key === 'string' && key.length > 0 && key.length <= 200)) return key;
  throw invalid('An Idempotency-Key has 1 to 200 characters: send a shorter one, such as a UUID', 'bad_idempotency_key');
};

const checked = (route: Extract<Route, { kind: 'json' | 'upload' }>, answer: unknown, door: Door): unknown => {
  if (!door.checkAnswers) return answer;
  const validator = validatorOf(route.response);
  if (!validator.Check(answer))
    throw new Error(`${route.method} ${route.path} broke its contract: ${mismatch('response', validator.Errors(answer)).message}`);
  return answer;
};
