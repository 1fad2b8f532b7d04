import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { invalid } from '@boucle/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { nowhere, requirePermission } from '../../governance/index.ts';
import type { Answer, ModelFacts, Reading, ServedEndpoint, Serving } from '../../serving/index.ts';
import type { Door } from '../bind.ts';
import { callerSays } from './caller-says.ts';
import { requestBody } from './request-body.ts';

export interface Inference {
  readonly serving: Serving;
  readonly callerOf: Door['callerOf'];
  readonly bodyLimit: number;
}
interface Asked {
  readonly served: ServedEndpoint;
  /** That the caller insists on. */
  readonly version?: string | undefined;
  readonly read: (body: string, facts: ModelFacts) => Omit<Reading, 'bytes'>;
}

/** The endpoint that is meant. Refuses callers who may not: before they learn what is there, where its project does not matter. */
export const admitTo = async (
  { callerOf }: Inference,
  request: FastifyRequest,
  { permission, find }: { permission: 'predictions:make' | 'endpoints:read'; find: () => ServedEndpoint },
): Promise<ServedEndpoint> => {
  const { access, onlyIn, ...caller } = await callerOf(request);
  requirePermission({ ...caller, project: nowhere }, permission);
  const served = find();
  requirePermission({ ...caller, ...(access && { access }), ...(onlyIn && { onlyIn }), project: served.project }, permission);
  return served;
};

/** In the project that the header says; see `endpointCalled`. */
export const endpointOf = ({ serving }: Inference, request: FastifyRequest, name: string): ServedEndpoint =>
  serving.endpointCalled(name, headerOf(request, 'boucle-project'));

/** One request for predictions, from its bytes to its answer. `read` turns the body into rows. */
export const predict = async (
  { serving, bodyLimit }: Inference,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  { served, version, read }: Asked,
): Promise<Answer> => {
  const gone = new AbortController();
  reply.raw.on('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  const body = requestBody((request.body ?? request.raw) as Readable, request.headers, bodyLimit);
  const answer = await serving.predict(served, {
    requestId: request.id,
    version,
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
  void reply.header('boucle-variant', answer.variant);
  return answer;
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
