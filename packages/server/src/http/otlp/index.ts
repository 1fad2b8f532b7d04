import type { Readable } from 'node:stream';
import { AppError, invalid } from '@boucle/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Span, Tracking } from '../../tracking/index.ts';
import { withRawBody } from '../bind.ts';
import { requestBody } from '../inference/request-body.ts';
import { actorOf, type MlflowDoor } from '../mlflow/bind-mlflow.ts';
import { mlflowAnswerOf } from '../mlflow/mlflow-error.ts';
import { parseWire } from '../mlflow/wire-json.ts';
import { spansOfJson } from './export-json.ts';
import { spansOfProtobuf } from './export-request.ts';
import { ProtobufError } from './protobuf.ts';

const may = { permission: 'runs:write', wants: 'runs:write' } as const;

/** Where OpenTelemetry's exporters, MLflow's among them, send spans. A header says the experiment. */
export const bindOtlp = (app: FastifyInstance, { traces }: Pick<Tracking, 'traces'>, door: MlflowDoor): void => {
  app.setErrorHandler((error, request, reply) => {
    const { status, message } = mlflowAnswerOf(error);
    if (status === 500) door.log.error('request failed', { requestId: request.id, method: request.method, url: request.url, error });
    if (status === 401) void reply.header('www-authenticate', 'Basic realm="mlflow"');
    return reply.code(isUnprocessable(error) ? 422 : status).send({ detail: message });
  });
  withRawBody(app).post('/v1/traces', async (request, reply) => {
    const actor = await actorOf(request, may, door);
    const experimentId = headerOf(request, 'x-mlflow-experiment-id');
    if (experimentId === undefined) throw invalid('The header x-mlflow-experiment-id is missing: say the experiment', 'no_experiment');
    await door.gate.enter(actor, may, { experiment_id: experimentId });
    const spans = await spansOf(request, door.bodyLimit);
    await traces.record(actor, { experimentId, spans, runId: headerOf(request, 'x-mlflow-run-id') });
    // The empty message of OTLP's answer: all was taken.
    return reply.type('application/x-protobuf').send(Buffer.alloc(0));
  });
};

const headerOf = ({ headers }: FastifyRequest, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};
const isUnprocessable = (error: unknown): boolean =>
  error instanceof AppError && (error.reason === 'bad_span' || error.reason === 'no_experiment');

const spansOf = async (request: FastifyRequest, bodyLimit: number): Promise<Span[]> => {
  const { headers } = request;
  const type = headers['content-type']?.split(';')[0]!.trim().toLowerCase();
  const body = requestBody((request.body ?? request.raw) as Readable, headers, bodyLimit);
  const spans = await (async () => {
    if (type === 'application/json') return spansOfJson(parseWire(await body.read()));
    if (type === 'application/x-protobuf') return protobufSpans(await body.bytes());
    throw invalid(
      `Invalid Content-Type: ${type?.slice(0, 100) ?? 'none'}. Expected: application/x-protobuf or application/json`,
      'bad_otlp',
    );
  })();
  if (spans.length === 0) throw invalid('Invalid OpenTelemetry format - no spans found', 'bad_otlp');
  return spans;
};
const protobufSpans = (bytes: Uint8Array): Span[] => {
  try {
    return spansOfProtobuf(bytes);
  } catch (cause) {
    if (cause instanceof ProtobufError)
      throw new AppError('invalid_request', `Invalid OpenTelemetry format: ${cause.message}`, { reason: 'bad_otlp', cause });
    throw cause;
  }
};
