import type { ProjectRef } from '../governance/index.ts';
import type { Tx } from '../platform/index.ts';
import { artifactStore } from './artifact-store.ts';
import { purgeSomeDatasets } from './evaluation-datasets/purge-datasets.ts';
import { factsStore } from './facts-store.ts';
import { issueStore } from './issues/issue-store.ts';
import { loggedModelStore } from './logged-model-store.ts';
import { metricStore } from './metrics/metric-store.ts';
import { runStore } from './run-store.ts';
import { scorerStore } from './scorers/scorer-store.ts';
import { purgeTraces } from './traces/purge-traces.ts';
import { traceStore } from './traces/trace-store.ts';

/** All rows of these runs. Blobs stay: what else in the project holds the same bytes is not counted. */
export const purgeRuns = async (tx: Tx, project: ProjectRef, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  await factsStore(tx).purge(ids);
  await metricStore(tx).purge(ids);
  await artifactStore(tx).purge(ids.map((id) => `run:${id}` as const));
  await issueStore(tx).forgetRuns(ids);
  await runStore(tx).purge(project, ids);
};

/** Up to `limit` of what lies under an experiment, runs first; false once nothing does. */
export const purgeSome = async (tx: Tx, project: ProjectRef, experimentId: string, limit: number): Promise<boolean> => {
  const runIds = await runStore(tx).someOf(project, experimentId, limit);
  await purgeRuns(tx, project, runIds);
  if (runIds.length > 0) return true;
  const modelIds = await loggedModelStore(tx).someOf(experimentId, limit);
  if (modelIds.length > 0) {
    await artifactStore(tx).purge(modelIds.map((id) => `model:${id}` as const));
    await loggedModelStore(tx).purge(modelIds);
    return true;
  }
  const issueIds = await issueStore(tx).someOf(experimentId, limit);
  if (issueIds.length > 0) {
    await issueStore(tx).purge(issueIds);
    return true;
  }
  if ((await scorerStore(tx).purgeSome(experimentId, limit)) > 0) return true;
  if (await purgeSomeDatasets(tx, experimentId, limit)) return true;
  const traceIds = await traceStore(tx).oldest(project, { experimentId, limit });
  await purgeTraces(tx, traceIds);
  return traceIds.length > 0;
};
