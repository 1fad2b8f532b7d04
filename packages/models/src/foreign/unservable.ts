import { AppError } from '@boucle/contract';

/** A model that is whole, and still cannot be served here. The sentence ends with what to do about it. */
export const unservable = (what: string): AppError => new AppError('failed_precondition', what, { reason: 'not_servable' });
