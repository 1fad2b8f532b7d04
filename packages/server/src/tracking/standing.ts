import { notFound } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import type { Tx } from '../platform/index.ts';
import type { FiledRun } from './facts-store.ts';
import { requireKept, requireOpen, type Saying, type Standing } from './open-run.ts';
import { runStore } from './run-store.ts';

/** What else is said to a run, metrics and artifacts, asks first, in its own write. */
export const requireRunning = (tx: Tx, project: ProjectRef, id: string, saying: Saying = {}): Promise<FiledRun> =>
  filed(tx, project, id, (run) => requireOpen(id, run, saying));

/** One that has ended too. */
export const requireThere = (tx: Tx, project: ProjectRef, id: string): Promise<FiledRun> =>
  filed(tx, project, id, (run) => requireKept(id, run));

const filed = async (tx: Tx, project: ProjectRef, id: string, check: (run: Standing) => void): Promise<FiledRun> => {
  const run = await runStore(tx).standingOf(project, id);
  if (!run) throw notFound('run', id);
  check(run);
  return { id, experimentId: run.experimentId };
};
