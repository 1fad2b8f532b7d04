import { AppError } from '@boucle/contract';

/** Whoever was waiting for a host that ended is told so; the next host is being opened. */
export const hostEnded = (how: string, cause?: unknown): AppError =>
  new AppError('unavailable', `The model ended while it was at work (${how}): it is started again, try once more`, {
    reason: 'model_ended',
    details: { retryAfterSeconds: 1 },
    cause,
  });
