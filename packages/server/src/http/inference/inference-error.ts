import { AppError } from '@boucle/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../../platform/index.ts';
import { problemOf, toAppError } from '../problem.ts';

export interface InferenceError {
  readonly status: number;
  readonly message: string;
}

/** The server's id of the request; its row i is prediction `<id>.<i>`, which feedback names. */
export const sayRequestId = (app: FastifyInstance): void =>
  void app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-boucle-request-id', request.id);
  });

/** As Triton answers: not found 404, unavailable 503, internal 500, otherwise 400; besides, what HTTP has a status for. */
const statusOf = (error: AppError, status: number): number => {
  if (error.reason === 'deadline_exceeded') return 504;
  if (error.reason === 'unsupported_media_type') return 415;
  return status === 409 || status === 412 ? 400 : status;
};

export const inferenceError = (error: unknown, request: FastifyRequest, log: Log): InferenceError => {
  const { detail, code, status } = problemOf(error, request.id);
  if (code === 'internal') log.error('inference failed', { requestId: request.id, url: request.url, error });
  return { status: statusOf(toAppError(error), status), message: detail };
};

export const withRetryAfter = (reply: FastifyReply, error: unknown): FastifyReply => {
  const seconds = error instanceof AppError ? error.details['retryAfterSeconds'] : undefined;
  if (error instanceof AppError && error.code === 'unavailable')
    void reply.header('retry-after', typeof seconds === 'number' ? seconds : 1);
  return reply;
};
