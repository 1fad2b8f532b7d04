import { STATUS_CODES } from 'node:http';
import { AppError, errorCodes, type Problem } from '@boucle/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../platform/index.ts';

/** The one place where an error becomes an answer. */
export const problemOf = (error: unknown, requestId: string): Problem => {
  const { code, message, reason, details } = toAppError(error);
  const { status } = errorCodes[code];
  return {
    type: 'about:blank',
    title: STATUS_CODES[status]!,
    status,
    detail: message,
    code,
    ...(reason && { reason }),
    details,
    requestId,
  };
};

export const onError =
  (log: Log) =>
  (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = problemOf(error, request.id);
    if (problem.code === 'internal')
      log.error('request failed', { requestId: request.id, method: request.method, url: request.url, error });
    // Also here: of an address that cannot be read, Fastify runs no hooks.
    return reply.header('x-request-id', request.id).code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  };

/** Fastify refuses what it cannot read with a status of its own: bad JSON, a body too large. */
export const toAppError = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  const { statusCode = 500, message, name } = error as Error & { statusCode?: number };
  // Nobody waits for this answer any more; the log must not call it a fault.
  if (name === 'AbortError')
    return new AppError('unavailable', 'The caller went away before it was done', { reason: 'caller_gone', cause: error });
  if (statusCode >= 500)
    return new AppError('internal', 'Something went wrong on our side; the request id finds it in the log', { cause: error });
  return new AppError(statusCode === 413 ? 'too_large' : 'invalid_request', message, { reason: 'unreadable_request', cause: error });
};
