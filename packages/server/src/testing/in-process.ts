import type { Fetch } from '@boucle/sdk';
import type { FastifyInstance, HTTPMethods } from 'fastify';

/** A fetch that ends in the app, without a socket. */
export const inProcess =
  (app: FastifyInstance): Fetch =>
  async (url, { method, headers, body }) => {
    const payload =
      body === undefined || body === null
        ? undefined
        : typeof body === 'string'
          ? body
          : Buffer.from(await new Response(body).arrayBuffer());
    const answer = await app.inject({
      method: method as HTTPMethods,
      url,
      headers: { host: 'localhost', ...(headers as Record<string, string>) },
      ...(payload !== undefined && { payload }),
    });
    return new Response(new Uint8Array(answer.rawPayload), {
      status: answer.statusCode,
      headers: answer.headers as Record<string, string>,
    });
  };
