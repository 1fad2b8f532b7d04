import { type Static, Type } from 'typebox';

/** Every failure a caller can meet: its HTTP status and the exit status of the command line. */
export const errorCodes = {
  invalid_request: { status: 400, exit: 2, meaning: 'What was sent cannot be used as it is; mend it and send it again' },
  unauthenticated: { status: 401, exit: 3, meaning: 'The caller did not say who they are, or the token is not known' },
  permission_denied: { status: 403, exit: 3, meaning: 'The caller is known, and may not do this' },
  not_found: { status: 404, exit: 4, meaning: 'Nothing of that name or id is there for this caller' },
  conflict: { status: 409, exit: 5, meaning: 'It contradicts what is there already' },
  failed_precondition: { status: 412, exit: 6, meaning: 'Something else has to be done, or come true, first' },
  too_large: { status: 413, exit: 2, meaning: 'A limit on size or number was passed' },
  rate_limited: { status: 429, exit: 7, meaning: 'Too many at once; try again later' },
  internal: { status: 500, exit: 1, meaning: 'A fault of ours; the request id finds it in the log' },
  unavailable: { status: 503, exit: 7, meaning: 'Not ready, or out of a resource; try again' },
} as const;
export type ErrorCode = keyof typeof errorCodes;

/** RFC 9457. `code` and `reason` are for programs, `detail` is for people. */
export const Problem = Type.Object(
  {
    type: Type.String({ format: 'uri-reference' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.Enum(Object.keys(errorCodes) as ErrorCode[]),
    reason: Type.Optional(Type.String()),
    details: Type.Record(Type.String(), Type.Unknown()),
    requestId: Type.Optional(Type.String()),
  },
  { $id: 'Problem' },
);
export type Problem = Static<typeof Problem>;

interface More {
  reason?: string | undefined;
  details?: Record<string, unknown>;
  cause?: unknown;
}

/** An expected failure. Anything else that is thrown is a bug and becomes `internal`. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly reason: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  constructor(code: ErrorCode, message: string, { reason, details = {}, cause }: More = {}) {
    super(message, { cause });
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}

export const notFound = (what: string, id: string): AppError =>
  new AppError('not_found', `${what} ${id} does not exist`, { details: { what, id } });
export const invalid = (message: string, reason: string, details: Record<string, unknown> = {}): AppError =>
  new AppError('invalid_request', message, { reason, details });
