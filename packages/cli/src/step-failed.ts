import { AppError, type Failure } from '@boucle/contract';

export const stepFailed = (name: string, { message, where, reason }: Failure): AppError =>
  new AppError('failed_precondition', `${name} failed: ${message}${where === undefined ? '' : `\n  at ${where}`}`, { reason });
