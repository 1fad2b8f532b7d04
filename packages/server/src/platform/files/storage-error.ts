import { AppError } from '@boucle/contract';

export const hasCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);

/** What the operator can mend, said so; any other error as it is. */
export const storageError = (error: unknown, folder: string): unknown => {
  if (hasCode(error, 'ENOSPC', 'EDQUOT')) {
    return new AppError('unavailable', `No room is left for ${folder}: free some space, or raise the quota, and try again`, {
      reason: 'disk_full',
      details: { folder },
      cause: error,
    });
  }
  if (hasCode(error, 'EROFS', 'EACCES', 'EPERM')) {
    return new AppError('unavailable', `${folder} cannot be written: mount it for writing, or give this user the right to write there`, {
      reason: 'read_only',
      details: { folder },
      cause: error,
    });
  }
  return error;
};

/** Runs it, and words what the disk refuses. */
export const onStorage = async <T>(folder: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw storageError(error, folder);
  }
};
