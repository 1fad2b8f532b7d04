import { createReadStream, existsSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import { api, notFound, toOpenApi } from '@boucle/contract';
import Fastify, { type FastifyInstance } from 'fastify';
import { type Clock, newId, type Log } from '../platform/index.ts';
import { version } from '../version.ts';
import { bind, type Door, type Handlers } from './bind.ts';
import { onClientError } from './client-error.ts';
import { onError } from './problem.ts';
import { compileValidator } from './validator.ts';

export interface AppOptions {
  readonly handlers: Handlers<typeof api>;
  readonly door: Door;
  readonly log: Log;
  readonly clock: Clock;
  readonly maxBody: number;
  /** Other doors to the same operations: scoring protocols, later MLflow's wire. */
  readonly facades?: readonly ((app: FastifyInstance) => void)[];
  /** The built web page; left out where it was not built. */
  readonly web?: string;
}

/** The whole of HTTP: the contract, the facades, OpenAPI and the page. */
export const createApp = ({ handlers, door, log, clock, maxBody, facades = [], web }: AppOptions): FastifyInstance => {
  const app = Fastify({
    bodyLimit: maxBody,
    // By the clock that gives a prediction its time, for its id begins with it.
    genReqId: () => newId(clock.now().getTime()),
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 600 },
    frameworkErrors: onError(log),
    clientErrorHandler: onClientError,
    // Said here, so that Fastify does not load compilers of its own. No route has a schema for its answers.
    schemaController: {
      compilersFactory: { buildValidator: () => compileValidator as never, buildSerializer: () => () => JSON.stringify },
    },
  });
  app.setErrorHandler(onError(log));
  app.addHook('onSend', async (request, reply) => void reply.header('x-request-id', request.id));
  app.setNotFoundHandler(({ method, url }) => {
    throw notFound('route', `${method} ${url}`);
  });

  bind(app, { routes: api, handlers, door });
  for (const facade of facades) void app.register(async (own) => facade(own));
  let openApi: object | undefined;
  app.get('/openapi.json', async () => (openApi ??= toOpenApi(api, { title: 'Boucle', version })));
  app.get('/healthz', async () => ({ live: true }));
  if (web !== undefined && existsSync(`${web}/index.html`)) serveWeb(app, web);
  return app;
};

/** One page for every address of the application; its parts have their digest in the name and may be kept. */
const serveWeb = (app: FastifyInstance, web: string): void => {
  const guard = {
    'content-security-policy': "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  };
  void app.register(fastifyStatic, {
    root: web,
    index: false,
    wildcard: false,
    cacheControl: false,
    setHeaders: (reply, file) =>
      void reply.header(
        'cache-control',
        file.includes(`${path.sep}assets${path.sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache',
      ),
  });
  for (const url of ['/', '/p', '/p/*']) {
    app.get(url, async (_, reply) =>
      reply
        .headers({ ...guard, 'cache-control': 'no-cache' })
        .type('text/html; charset=utf-8')
        .send(createReadStream(path.join(web, 'index.html'))),
    );
  }
};
