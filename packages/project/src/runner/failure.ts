import { AppError, type Failure } from '@boucle/contract';
import { errorOf } from '../thrown.ts';
import { whereIn } from '../where.ts';

/** Full disks and the like: another machine, or another hour, may fare better. */
const machineFaults = new Set(['ENOSPC', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM', 'EDQUOT', 'EROFS', 'EAGAIN']);

/** What went wrong in a step, as data. `folder` is where its project was staged. */
export const failureOf = (error: unknown, folder: string): Failure => {
  const { message, stack = '' } = errorOf(error);
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const where = whereIn(stack, folder);
  const reason = error instanceof AppError ? error.reason : code?.toLowerCase();
  const machine = (error instanceof AppError && error.code === 'unavailable') || (code !== undefined && machineFaults.has(code));
  return {
    kind: machine ? 'infrastructure' : 'user',
    retryable: machine,
    message: message.slice(0, 8000),
    ...(where !== undefined && { where }),
    ...(reason !== undefined && { reason }),
  };
};
