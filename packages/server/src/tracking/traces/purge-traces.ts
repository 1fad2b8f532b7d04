import type { Tx } from '../../platform/index.ts';
import { artifactStore } from '../artifact-store.ts';
import { traceStore } from './trace-store.ts';

/** All rows of these traces. */
export const purgeTraces = async (tx: Tx, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  await artifactStore(tx).purge(ids.map((id) => `trace:${id}` as const));
  await traceStore(tx).purge(ids);
};
