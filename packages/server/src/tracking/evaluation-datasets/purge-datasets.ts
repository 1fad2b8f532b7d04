import type { Tx } from '../../platform/index.ts';
import { evaluationDatasetStore } from './evaluation-dataset-store.ts';
import { evaluationRecordStore } from './evaluation-record-store.ts';

/** Up to `limit` of its records, and itself once there are none: true then. */
export const purgeDataset = async (tx: Tx, id: string, limit: number): Promise<boolean> => {
  if ((await evaluationRecordStore(tx).purgeSome(id, limit)) === limit) return false;
  await evaluationDatasetStore(tx).purge(id);
  return true;
};

/** Of an experiment that goes: a dataset that serves others too stays with them. False once there are none. */
export const purgeSomeDatasets = async (tx: Tx, experimentId: string, limit: number): Promise<boolean> => {
  const some = await evaluationDatasetStore(tx).someOf(experimentId, limit);
  for (const { id, isShared } of some) {
    if (isShared) await evaluationDatasetStore(tx).unlink(id, [experimentId]);
    else if (!(await purgeDataset(tx, id, limit))) return true;
  }
  return some.length > 0;
};
