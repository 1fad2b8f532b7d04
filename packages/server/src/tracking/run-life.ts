import { notFound, type Run } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import type { Clock, Db, Events, Tx } from '../platform/index.ts';
import { experimentStore } from './experiment-store.ts';
import { isRecord, notDeleted, requireActive } from './experiments.ts';
import { type Amending, hasEnded, newEnd, requireKept } from './open-run.ts';
import { purgeRuns } from './purge.ts';
import { runNews } from './run-news.ts';
import { asRun, type RunStatus, runStore } from './run-store.ts';

/** What a client says of a run after its start. */
export interface RunChange {
  readonly name?: string;
  readonly status?: RunStatus;
  readonly endedAt?: string;
}

export const createRunLife = ({ db, events, clock }: { db: Db; events: Events; clock: Clock }) => ({
  /** A client may end a run it started, end it otherwise, or reopen it. Of a step's run it may change the name: its step ends it. */
  update: (actor: Actor, id: string, { name, status, endedAt }: RunChange, { amend = false }: Amending = {}): Promise<Run> =>
    db.write(async (tx) => {
      const before = await findRun(tx, actor.project, id);
      requireKept(id, before);
      await runStore(tx).change(id, { ...(name && { name }), ...newEnd(id, before, { status, endedAt, amend, now: clock.now() }) });
      const run = await findRun(tx, actor.project, id);
      if (hasEnded(run) && !hasEnded(before)) await runNews(events, tx, actor).ended(run);
      if (hasEnded(before) && !hasEnded(run)) await runNews(events, tx, actor).moved('run.reopened', run);
      return run;
    }),
  remove: (actor: Actor, id: string): Promise<Run> =>
    db.write(async (tx) => {
      const run = await findRun(tx, actor.project, id);
      if (run.deletedAt !== null) return run;
      const deletedAt = clock.now().toISOString();
      await runStore(tx).change(id, { deletedAt });
      await runNews(events, tx, actor).moved('run.deleted', run);
      return { ...run, deletedAt };
    }),
  restore: (actor: Actor, id: string): Promise<Run> =>
    db.write(async (tx) => {
      const run = await findRun(tx, actor.project, id);
      if (run.deletedAt === null) return run;
      requireActive((await experimentStore(tx).find(actor.project, { by: 'id', value: run.experimentId }))!);
      await runStore(tx).change(id, { deletedAt: null });
      await runNews(events, tx, actor).moved('run.restored', run);
      return { ...run, deletedAt: null };
    }),
  /** For good. */
  purge: (actor: Actor, id: string): Promise<void> =>
    db.write(async (tx) => {
      const run = await findRun(tx, actor.project, id);
      if (run.deletedAt === null) throw notDeleted('run', id);
      if (run.stepRunId !== null) throw isRecord(`Run ${id} was made by a step of a pipeline`);
      await purgeRuns(tx, actor.project, [id]);
      await runNews(events, tx, actor).moved('run.purged', run);
    }),
});

const findRun = async (tx: Tx, project: ProjectRef, id: string): Promise<Run> => {
  const run = await runStore(tx).find(project, id);
  if (!run) throw notFound('run', id);
  return asRun(run);
};
