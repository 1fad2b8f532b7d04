import type { ErrorCode, Problem } from '@boucle/contract';

/** A refusal from the server: `code` and `reason` to act on, `message` to show. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: ErrorCode;
  readonly reason: string | undefined;
  readonly details: Problem['details'];
  readonly requestId: string | undefined;
  constructor(problem: Problem) {
    super(problem.detail);
    this.status = problem.status;
    this.code = problem.code;
    this.reason = problem.reason;
    this.details = problem.details;
    this.requestId = problem.requestId;
  }
}

/** True for what may come right by itself: the server is not there yet, or busy. */
export const isPassing = (error: unknown): boolean =>
  !(error instanceof ApiError) || error.code === 'unavailable' || error.code === 'rate_limited' || error.code === 'internal';

/** A proxy on the way may answer with something else than a problem. */
export const refusalOf = async (response: Response): Promise<ApiError> => {
  if (response.headers.get('content-type')?.startsWith('application/problem+json')) return new ApiError((await response.json()) as Problem);
  const { status, statusText: title } = response;
  await response.body?.cancel();
  return new ApiError({
    type: 'about:blank',
    title,
    status,
    detail: `Boucle did not answer, something on the way did: HTTP ${status}`,
    code: 'unavailable',
    details: {},
  });
};
