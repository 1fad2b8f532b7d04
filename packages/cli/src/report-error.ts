import { AppError, type ErrorCode, errorCodes } from '@boucle/contract';
import { ApiError } from '@boucle/sdk';
import type { Io } from './io.ts';
import { paintFor } from './terminal/paint.ts';

interface Said {
  readonly message: string;
  readonly advice?: string | undefined;
  readonly more?: string | undefined;
  readonly status: number;
}

/** Says what went wrong and what to do about it; answers with the status to end with. */
export const reportError = (error: unknown, { stderr }: Pick<Io, 'stderr'>): number => {
  const { message, advice, more, status } = describeError(error);
  const paint = paintFor(stderr);
  const lines = [`${paint('red', 'boucle:')} ${message}`, advice, more && paint('dim', more)];
  stderr.write(`${lines.filter((line) => line !== undefined && line !== '').join('\n')}\n`);
  return status;
};

export const describeError = (error: unknown): Said => {
  if (error instanceof ApiError || error instanceof AppError) return refused(error);
  if (isUnreachable(error)) {
    return {
      message: `No server answers${addressOf(error)}`,
      advice: 'Start one with "boucle up", or say where it is with --url.',
      status: errorCodes.unavailable.exit,
    };
  }
  if (error instanceof TypeError && error.message === 'fetch failed') return notFetched(error.cause);
  if (isFileError(error)) return { message: fileMessages[error.code]!(error.path), status: errorCodes.invalid_request.exit };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { message: `This is a fault of Boucle, please report it: ${text}`, status: errorCodes.internal.exit };
};

const refused = (error: ApiError | AppError): Said => ({
  message: error.message,
  advice: adviceFor(error),
  more: error instanceof ApiError && error.requestId ? `code ${error.code}, request ${error.requestId}` : undefined,
  status: errorCodes[error.code].exit,
});

/** What the server cannot know: how its answer is acted on from here. */
const adviceFor = ({ code, details }: { code: ErrorCode; details: Readonly<Record<string, unknown>> }): string | undefined => {
  if (code === 'unauthenticated') return 'Say who asks with --token, or BOUCLE_TOKEN.';
  if (code === 'not_found' && typeof details['what'] === 'string') return whereToLook[details['what']];
  if (code === 'internal') return 'The log of the server says more.';
  return rowIssues(details);
};

/** Of a refused file: the bad rows after the first, which the message names. */
const rowIssues = ({ issues }: Readonly<Record<string, unknown>>): string | undefined => {
  if (!Array.isArray(issues)) return undefined;
  const messages = (issues as { readonly message?: unknown }[]).slice(1, 5).map(({ message }) => `  ${String(message)}`);
  return messages.length === 0 ? undefined : messages.join('\n');
};

const whereToLook: Readonly<Record<string, string>> = {
  project: 'Make it with "boucle apply" in its folder, or name another with --project; "boucle projects list" lists them.',
  dataset: '"boucle datasets add NAME" makes it of a file; "boucle datasets list" lists them.',
  'dataset version': '"boucle datasets list" shows the latest.',
  endpoint: '"boucle endpoints list" lists them; "boucle deploy" makes one.',
  run: '"boucle runs list" lists them.',
  experiment: '"boucle experiments list" lists them; --view all shows deleted ones too.',
  'pipeline run': '"boucle pipelines runs" lists them.',
  'step run': '"boucle pipelines show RUN" lists those of a run.',
  model: '"boucle models list" lists them; "boucle pipelines run NAME" registers one.',
  secret: '"boucle secrets list" lists them.',
  prediction: '"boucle predictions list ENDPOINT" lists the latest.',
};

type Coded = { readonly code: string };
type Unreachable = TypeError & {
  readonly cause: Coded & { readonly address?: string; readonly port?: number; readonly hostname?: string };
};
const unreachable = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'ECONNRESET',
  'UND_ERR_SOCKET',
]);
const hasCode = (x: unknown): x is Coded => typeof x === 'object' && x !== null && 'code' in x && typeof x.code === 'string';
const isUnreachable = (error: unknown): error is Unreachable =>
  error instanceof TypeError && hasCode(error.cause) && unreachable.has(error.cause.code);
const addressOf = ({ cause: { address, port, hostname } }: Unreachable): string => {
  const host = address ?? hostname;
  return host === undefined ? '' : ` at ${host}${port === undefined ? '' : `:${port}`}`;
};

/** Browsers, and fetch with them, ask nobody at the ports of other protocols. */
const notFetched = (cause: unknown): Said => {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message === 'bad port'
    ? {
        message: 'That port belongs to another protocol, and neither browsers nor Boucle ask there',
        advice: 'Start the server at another one: boucle up --port 5050',
        status: errorCodes.invalid_request.exit,
      }
    : { message: `The server could not be asked: ${message}`, status: errorCodes.unavailable.exit };
};

const fileMessages: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `There is no file ${path}`,
  EACCES: (path) => `${path} may not be read or written by you`,
  EROFS: (path) => `${path} is on a disk that is read-only`,
  EISDIR: (path) => `${path} is a folder, not a file`,
  ENOSPC: (path) => `The disk is full: ${path} cannot be written`,
};
const isFileError = (error: unknown): error is Coded & { readonly path: string } =>
  error instanceof Error && hasCode(error) && error.code in fileMessages && 'path' in error && typeof error.path === 'string';
