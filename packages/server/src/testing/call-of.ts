import type { Columns } from '@boucle/contract';
import { newId } from '../platform/index.ts';
import type { PredictionCall } from '../serving/index.ts';

/** A call as a facade makes it, of rows that are there already. */
export const callOf = (columns: Columns, more: Partial<PredictionCall> = {}): PredictionCall => ({
  requestId: newId(),
  said: () => ({}),
  read: async () => ({ columns, bytes: JSON.stringify(columns).length }),
  sent: () => JSON.stringify(columns),
  signal: new AbortController().signal,
  ...more,
});
