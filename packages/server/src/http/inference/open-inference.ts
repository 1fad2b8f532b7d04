import { AppError } from '@boucle/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../../platform/index.ts';
import { answering, requireVersion, type Routing } from '../../serving/index.ts';
import { callerSays } from './caller-says.ts';
import { inferenceError, withRetryAfter } from './inference-error.ts';
import { type InferRequest, readInferRequest } from './infer-request.ts';
import { outputTensors } from './infer-response.ts';
import { admitTo, endpointOf, type Inference, predict } from './prediction-call.ts';
import { readJson } from './request-body.ts';

interface Params {
  readonly model: string;
  readonly version?: string;
}
export interface OpenInferenceParts extends Inference {
  readonly log: Log;
  readonly version: string;
}

/** Open Inference Protocol V2, JSON form. A model of the protocol is an endpoint, its version the version that is deployed there. */
export const bindOpenInference = (app: FastifyInstance, parts: OpenInferenceParts): void => {
  const { serving, log, version } = parts;
  app.setErrorHandler((error, request, reply) => {
    const { status, message } = inferenceError(error, request, log);
    return withRetryAfter(reply, error).code(status).send({ error: message });
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ error: `There is no ${request.method} ${request.url.slice(0, 200)} in the Open Inference Protocol` }),
  );

  app.get('/', async () => ({ name: 'boucle', version, extensions: [] }));
  app.get('/health/live', async () => ({ live: true, ready: true }));
  app.get('/health/ready', async () => {
    const starting = serving.served().filter(({ state }) => state.kind === 'starting');
    if (starting.length === 0) return { live: true, ready: true };
    throw new AppError('unavailable', `Still loading: ${starting.map(({ name }) => name).join(', ')}`, { reason: 'endpoint_not_ready' });
  });

  for (const path of ['/models/:model', '/models/:model/versions/:version']) {
    app.get(path, async (request) => {
      const { facts, versions, deployment } = await ready(parts, request);
      const { inputs, outputs } = facts.signature;
      return { name: deployment.endpoint, versions, platform: 'boucle_mlmodel', inputs, outputs };
    });
    app.get(`${path}/ready`, async (request) => ({ name: (await ready(parts, request)).deployment.endpoint, ready: true }));
    app.post(`${path}/infer`, (request, reply) => infer(parts, request, reply));
  }
};

const ready = async (parts: Inference, request: FastifyRequest): Promise<Routing> => {
  const { model, version } = request.params as Params;
  const find = () => endpointOf(parts, request, model);
  const routing = answering(await admitTo(parts, request, { permission: 'endpoints:read', find }));
  if (version !== undefined) requireVersion(routing, version);
  return routing;
};

const infer = async (parts: Inference, request: FastifyRequest, reply: FastifyReply) => {
  const params = request.params as Params;
  const find = () => endpointOf(parts, request, params.model);
  const served = await admitTo(parts, request, { permission: 'predictions:make', find });
  let asked: InferRequest | undefined;
  const answer = await predict(
    parts,
    { request, reply },
    {
      served,
      version: params.version,
      read: (body, { signature }) => {
        asked = readInferRequest(readJson(body), signature);
        const { id, columns, parameters } = asked;
        return { columns, about: { ...(id !== undefined && { clientId: id }), ...callerSays(parameters) } };
      },
    },
  );
  return {
    model_name: params.model,
    model_version: String(answer.version),
    ...(asked?.id !== undefined && { id: asked.id }),
    outputs: outputTensors({ ...answer, wanted: asked?.outputs }),
  };
};
