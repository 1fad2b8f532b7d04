import { invalid } from '@boucle/contract';

/** How the rate changes from update to update, as plain data; `warmUp` and `total` count updates. */
export type Schedule =
  | { readonly kind: 'constant' }
  | { readonly kind: 'linear' | 'cosine'; readonly warmUp: number; readonly total: number };

export const constant = (): Schedule => ({ kind: 'constant' });

/** Up to the full rate in `warmUp` updates, then down to 0 on a straight line, at update `total`. */
export const linear = (span: { readonly warmUp?: number; readonly total: number }): Schedule =>
  checked({ kind: 'linear', warmUp: 0, ...span });

/** Up to the full rate in `warmUp` updates, then down to 0 on half a cosine, at update `total` (Loshchilov and Hutter 2017, one period). */
export const cosine = (span: { readonly warmUp?: number; readonly total: number }): Schedule =>
  checked({ kind: 'cosine', warmUp: 0, ...span });

const checked = <S extends Exclude<Schedule, { kind: 'constant' }>>(schedule: S): S => {
  const { warmUp, total } = schedule;
  if (Number.isSafeInteger(warmUp) && Number.isSafeInteger(total) && warmUp >= 0 && total >= 1 && warmUp <= total) return schedule;
  throw invalid(`A schedule over ${total} updates with ${warmUp} of them to warm up makes no sense`, 'bad_option', { warmUp, total });
};

/**
 * What part of the full rate is used after `done` updates: the same numbers as the schedules of Hugging Face's `transformers`, so a
 * warm-up begins with an update of rate 0.
 */
export const shareOfRate = (schedule: Schedule, done: number): number => {
  if (schedule.kind === 'constant') return 1;
  const { warmUp, total } = schedule;
  if (done < warmUp) return done / warmUp;
  const passed = Math.min(1, (done - warmUp) / Math.max(1, total - warmUp));
  return schedule.kind === 'linear' ? 1 - passed : (1 + Math.cos(Math.PI * passed)) / 2;
};
