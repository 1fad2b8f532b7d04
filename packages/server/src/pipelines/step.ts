import type { Failure, StepStatus } from '@boucle/contract';

/** What decides the life of a step run. Everything else about it is record. */
export interface StepState {
  readonly status: StepStatus;
  /** Attempts begun so far. */
  readonly attempt: number;
  readonly retry: { readonly max: number; readonly on: 'infrastructure' | 'any' };
}

export type StepEvent =
  | { readonly kind: 'claimed' }
  | { readonly kind: 'hit' }
  | { readonly kind: 'started' }
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** Nobody knows of the attempt any more: the server was killed under it, or its machine went away. */
  | { readonly kind: 'lost' };

export interface Decision {
  readonly status: StepStatus;
  /** How long to wait before the next attempt, where there is one. */
  readonly retryAfterMs?: number;
}

/** A server that dies under a step is no fault of the step's, up to a point. */
const maxLost = 10;
const terminal: readonly StepStatus[] = ['succeeded', 'cached', 'failed', 'cancelled', 'lost'];
export const isTerminal = (status: StepStatus): boolean => terminal.includes(status);
export const isDone = (status: StepStatus): boolean => status === 'succeeded' || status === 'cached';

/** The next status. Terminal ones never change, whatever arrives late. */
export const decideStep = (step: StepState, event: StepEvent): Decision => {
  if (isTerminal(step.status)) return { status: step.status };
  switch (event.kind) {
    case 'claimed':
      return { status: 'queued' };
    case 'hit':
      return { status: 'cached' };
    case 'started':
      return { status: 'running' };
    case 'succeeded':
      return { status: 'succeeded' };
    case 'lost':
      return step.attempt < maxLost ? { status: 'waiting', retryAfterMs: 0 } : { status: 'lost' };
    case 'failed':
      if (event.failure.kind === 'cancelled') return { status: 'cancelled' };
      return mayRetry(step, event.failure)
        ? { status: 'waiting', retryAfterMs: 500 * 2 ** Math.min(step.attempt, 8) }
        : { status: 'failed' };
  }
};

const mayRetry = ({ attempt, retry }: StepState, failure: Failure): boolean =>
  attempt <= retry.max && (failure.retryable || retry.on === 'any');
