import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { invalid } from '@boucle/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requirePermission } from '../../governance/index.ts';
import type { Answer, ModelFacts, Reading, ServedEndpoint, Serving } from '../../serving/index.ts';
import type { Door } from '../bind.ts';
import { callerSays } from './caller-says.ts';
import { requestBody } from './request-body.ts';

export interface Inference {
  readonly serving: Serving;
  readonly callerOf: Door['callerOf'];
  readonly bodyLimit: number;
}
const nowhere = { id: '', name: '' };

/** Refuses callers who may not, before they learn what is there. */
export const admit = ({ callerOf }: Inference, request: FastifyRequest, permission: 'predictions:make' | 'endpoints:read'): void =>
  requirePermission({ ...callerOf(request), project: nowhere }, permission);

/** In the project that the header says; see `endpointCalled`. */
export const endpointOf = ({ serving }: Inference, request: FastifyRequest, name: string): ServedEndpoint =>
  serving.endpointCalled(name, headerOf(request, 'boucle-project'));

/** One request for predictions, from its bytes to its answer. `read` turns the body into rows. */
export const predict = (
  { serving, bodyLimit }: Inference,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  { served, read }: { served: ServedEndpoint; read: (body: string, facts: ModelFacts) => Omit<Reading, 'bytes'> },
): Promise<Answer> => {
  const gone = new AbortController();
  reply.raw.on('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  const body = requestBody((request.body ?? request.raw) as Readable, request.headers, bodyLimit);
  return serving.predict(served, {
    requestId: request.id,
    said: () => {
      refuseBinary(request.headers);
      return { about: callerSays(request.headers), ...deadlineOf(request.headers['boucle-timeout-ms']) };
    },
    read: async (facts) => {
      const text = await body.read();
      return { ...read(text, facts), bytes: Buffer.byteLength(text) };
    },
    sent: body.excerpt,
    signal: gone.signal,
  });
};

const headerOf = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
};

/** What follows the JSON would be raw tensors. */
const refuseBinary = ({ 'inference-header-content-length': json, 'content-length': all }: IncomingHttpHeaders): void => {
  if (json === undefined || json === all) return;
  throw invalid('Tensors in binary form are not read here: send them as JSON (in tritonclient: binary_data=False)', 'binary_tensor');
};

const deadlineOf = (said: unknown): { deadlineMs?: number } => {
  if (said === undefined) return {};
  if (typeof said === 'string' && /^[1-9]\d{0,8}$/.test(said)) return { deadlineMs: Number(said) };
  throw invalid('boucle-timeout-ms must be a whole number of milliseconds', 'bad_parameter');
};
