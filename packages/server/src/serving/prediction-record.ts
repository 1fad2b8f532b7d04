import { AppError, type Columns, errorCodes, type Deployment, type Prediction, type Variant } from '@boucle/contract';
import { rowOf } from './columns.ts';

/** What a caller may say beside the rows. */
export interface About {
  /** The caller's own id of the request. */
  readonly clientId: string | null;
  /** Who or what is decided on; rollouts keep a unit on one variant. */
  readonly unit: string | null;
  /** The person it is about, so that their rows can be erased. */
  readonly subject: string | null;
  readonly correlationId: string | null;
  /** When it happened, where that is not when it arrived. */
  readonly eventTime: string | null;
}
export const nothingSaid: About = { clientId: null, unit: null, subject: null, correlationId: null, eventTime: null };

export interface Requested {
  readonly requestId: string;
  readonly project: string;
  readonly endpoint: string;
  readonly deployment: Deployment | undefined;
  /** Who answers; unknown as long as nothing says which unit it is about. */
  readonly variant: Variant | undefined;
  /** With which share it was chosen; undefined where the caller insisted on a version. */
  readonly share: number | undefined;
  /** Of a shadow: the request that the caller made. */
  readonly shadowOf?: string;
  readonly about: About;
  readonly arrivalTime: string;
  readonly latencyMs: number;
}

const recordOf = (requested: Requested, row: number): Omit<Prediction, 'inputs' | 'outputs' | 'outcome' | 'status' | 'error'> => {
  const { requestId, project, endpoint, deployment, variant, share, shadowOf, about, arrivalTime, latencyMs } = requested;
  return {
    id: `${requestId}.${row}`,
    requestId,
    row,
    clientId: about.clientId,
    project,
    endpoint,
    deploymentId: deployment?.id ?? null,
    variant: variant?.name ?? null,
    share: share ?? null,
    digest: variant?.digest ?? null,
    shadowOf: shadowOf === undefined ? null : `${shadowOf}.${row}`,
    unit: about.unit,
    subject: about.subject,
    eventTime: about.eventTime ?? arrivalTime,
    arrivalTime,
    latencyMs,
    correlationId: about.correlationId,
  };
};

/** One record for each row that was answered. */
export const answeredRows = (
  requested: Requested,
  { inputs, outputs, rows }: { inputs: Columns; outputs: Columns; rows: number },
): Prediction[] =>
  Array.from({ length: rows }, (_, row) => ({
    ...recordOf(requested, row),
    inputs: rowOf(inputs, row),
    outputs: rowOf(outputs, row),
    outcome: 'ok',
    status: 200,
    error: null,
  }));

/** One record for a request that was not answered, whatever its rows; `sent` is what can be told of them. */
export const refusedRequest = (requested: Requested, { sent, error }: { sent: unknown; error: unknown }): Prediction => ({
  ...recordOf(requested, 0),
  inputs: sent,
  outputs: null,
  ...outcomeOf(error),
  error: error instanceof AppError ? error.message.slice(0, 2000) : 'internal',
});

/** What became of a request that was not answered with rows, and the HTTP status that says so. */
export const outcomeOf = (error: unknown): Pick<Prediction, 'outcome' | 'status'> => {
  if (!(error instanceof AppError)) return { outcome: 'error', status: 500 };
  const { status } = errorCodes[error.code];
  if (error.reason === 'deadline_exceeded') return { outcome: 'timeout', status: 504 };
  // The status that proxies log for a caller who went away.
  if (error.reason === 'cancelled') return { outcome: 'cancelled', status: 499 };
  if (error.reason === 'model_ended' || error.code === 'internal') return { outcome: 'error', status };
  return { outcome: status === 503 ? 'unavailable' : 'invalid', status };
};

/** A failure of ours; what callers sent wrong, or gave up, is none. */
export const isFault = (outcome: Prediction['outcome']): boolean =>
  outcome === 'error' || outcome === 'timeout' || outcome === 'unavailable';
