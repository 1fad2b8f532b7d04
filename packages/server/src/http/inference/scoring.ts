import { AppError } from '@boucle/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { rowOf, type ServedEndpoint } from '../../serving/index.ts';
import { mlflowRelease } from '../mlflow/release.ts';
import { inferenceError, withRetryAfter } from './inference-error.ts';
import type { OpenInferenceParts } from './open-inference.ts';
import { admitTo, endpointOf, type Inference, predict } from './prediction-call.ts';
import { readJson } from './request-body.ts';
import { readScoringCsv, readScoringJson } from './scoring-request.ts';

/** MLflow's scoring protocol, with a path for each endpoint; the bare one answers where exactly one endpoint is served. */
export const bindScoring = (app: FastifyInstance, parts: OpenInferenceParts): void => {
  const { serving, log } = parts;
  app.setErrorHandler((error, request, reply) => {
    const { status, message } = inferenceError(error, request, log);
    void withRetryAfter(reply, error).code(status);
    if (status === 415) return reply.type('text/plain').send(message);
    return reply.send({ error_code: errorCodeOf(status), message });
  });

  /** Load balancers ask this: is there a model that answers? */
  app.get('/ping', async (_, reply) =>
    reply
      .code(serving.served().some(({ state }) => state.kind === 'ready') ? 200 : 404)
      .type('text/plain')
      .send('\n'),
  );
  /** The server is a tracking server too, which is well without any model. */
  app.get('/health', async (_, reply) => reply.type('text/plain').send('OK'));
  app.get('/version', async (_, reply) => reply.type('text/plain').send(mlflowRelease));

  app.post('/invocations', async (request, reply) => {
    const served = await admitTo(parts, request, { permission: 'predictions:make', find: () => theOnlyOne(serving.served()) });
    return score(parts, { request, reply, served });
  });
  app.post('/endpoints/:endpoint/invocations', async (request, reply) => {
    const { endpoint } = request.params as { endpoint: string };
    const find = () => endpointOf(parts, request, endpoint);
    return score(parts, { request, reply, served: await admitTo(parts, request, { permission: 'predictions:make', find }) });
  });
};

const score = async (
  parts: Inference,
  { request, reply, served }: { request: FastifyRequest; reply: FastifyReply; served: ServedEndpoint },
) => {
  const { outputs, rows, signature } = await predict(
    parts,
    { request, reply },
    {
      served,
      read: (body, { signature }) => {
        const isCsv = isCsvBody(request.headers['content-type']);
        return { columns: isCsv ? readScoringCsv(body, signature) : readScoringJson(readJson(body), signature) };
      },
    },
  );
  const [only] = signature.outputs;
  // As the model itself answers: a list, where MLflow's own server would send one.
  if (only?.unnamed) return { predictions: outputs[only.name] };
  return { predictions: Array.from({ length: rows }, (_, row) => rowOf(outputs, row)) };
};

const theOnlyOne = (served: readonly ServedEndpoint[]): ServedEndpoint => {
  const [only] = served;
  if (only && served.length === 1) return only;
  const paths = served.slice(0, 10).map(({ name }) => `/endpoints/${name}/invocations`);
  throw new AppError(
    'not_found',
    only ? `Several endpoints are served: ask ${paths.join(' or ')}` : 'No endpoint is served: deploy a model first',
    {
      reason: 'endpoint_not_said',
    },
  );
};

const isCsvBody = (contentType = 'none'): boolean => {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  const isUtf8 = parameters.every((parameter) => /^charset="?utf-8"?$/.test(parameter));
  if (isUtf8 && (type === 'text/csv' || type === 'application/json')) return type === 'text/csv';
  throw new AppError(
    'invalid_request',
    `Content-Type ${contentType.slice(0, 100)} is not known here: send application/json or text/csv, in UTF-8`,
    {
      reason: 'unsupported_media_type',
    },
  );
};

/** MLflow's names. */
const errorCodeOf = (status: number): string => {
  switch (status) {
    case 401:
      return 'UNAUTHENTICATED';
    case 403:
      return 'PERMISSION_DENIED';
    case 404:
      return 'RESOURCE_DOES_NOT_EXIST';
    case 429:
      return 'RESOURCE_EXHAUSTED';
    case 500:
      return 'INTERNAL_ERROR';
    case 503:
      return 'TEMPORARILY_UNAVAILABLE';
    case 504:
      return 'DEADLINE_EXCEEDED';
    default:
      return 'INVALID_PARAMETER_VALUE';
  }
};
