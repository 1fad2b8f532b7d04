import { isSystemMetric, type Run } from '@boucle/contract';
import type { Actor } from '../governance/index.ts';
import type { Events, Tx } from '../platform/index.ts';

type Told = Pick<Run, 'id' | 'name' | 'correlationId'>;

/** What is told of a run, in the write that makes it true. */
export const runNews = (events: Events, tx: Tx, { id: actor, project }: Actor) => {
  const about = ({ id, correlationId }: Told) => ({ project, subject: { type: 'run', id }, actor, correlationId });
  return {
    started: (run: Run) =>
      events.record(tx, { ...about(run), type: 'run.started', data: { name: run.name, experimentId: run.experimentId } }),
    ended: (run: Run) =>
      events.record(tx, { ...about(run), type: 'run.ended', data: { name: run.name, status: run.status, metrics: resultsOf(run) } }),
    moved: (type: 'run.reopened' | 'run.deleted' | 'run.restored' | 'run.purged', run: Told) =>
      events.record(tx, { ...about(run), type, data: { name: run.name } }),
  };
};

const resultsOf = ({ metrics }: Run): Run['metrics'] => Object.fromEntries(Object.entries(metrics).filter(([key]) => !isSystemMetric(key)));
