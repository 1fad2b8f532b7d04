import { AppError, type BoucleEvent, notFound, type Paging, type Retraining } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import { createLooks, newId, once, type Tx } from '../platform/index.ts';
import { type Cause, causeOf, hasPolicy, type Retraining as Retrains, withFaults } from './causes.ts';
import type { RetrainingParts } from './ports.ts';
import { type RetrainingRow, retrainingOf, retrainingStore } from './retraining-store.ts';
import { createStages } from './stages.ts';

const pageEvents = 500;
/** What a look may bring on: causes, and ends of what is awaited. */
const hints = new Set(['drift.found', 'kpi.missed', 'alert.fired', 'pipeline_run.ended', 'manifest.applied']);

/**
 * From a cause to a new version, guarded. The project's news is read like a log, with a position that is written together with what was
 * made of it: no cause is lost or taken twice, whenever the server ends.
 */
export const createRetrainings = (parts: RetrainingParts) => {
  const { db, events, clock, log, manifestOf } = parts;
  const stages = createStages(parts);

  const policiesOf = async (project: ProjectRef): Promise<Map<string, Retrains>> => {
    const { monitors = [] } = (await manifestOf(project)) ?? {};
    return new Map(monitors.filter(hasPolicy).map((monitor) => [monitor.name, monitor]));
  };

  const ask = (tx: Tx, project: ProjectRef, { cause, by, monitor }: Asked) => {
    const row: RetrainingRow = {
      id: newId(),
      project_id: project.id,
      monitor: monitor.name,
      endpoint: monitor.endpoint,
      pipeline: monitor.retrain.pipeline,
      cause: cause.cause,
      because: cause.because,
      status: 'asked',
      flight: null,
      reason: null,
      message: null,
      labels_until: null,
      rows: null,
      dataset_version: null,
      pipeline_run_id: null,
      model: null,
      model_version: null,
      rollout_id: null,
      asked_at: clock.now().toISOString(),
      asked_by: by,
      started_at: null,
      ended_at: null,
      correlation_id: cause.correlationId ?? newId(),
    };
    return retrainingStore(tx)
      .ask(row)
      .then(() => row);
  };

  /** Causes among the news since the last look, each written down in the write that reads on. */
  const readNews = async (project: ProjectRef): Promise<void> => {
    for (;;) {
      const { seq, faults: known } = await retrainingStore(db.read).reading(project.id);
      const news = await events.after(project.id, seq, pageEvents);
      if (news.length === 0) return;
      const policies = await policiesOf(project);
      const causes = news.flatMap((event) => causeOf(event, [...policies.values()]) ?? []);
      await db.write(async (tx) => {
        const store = retrainingStore(tx);
        if (!(await store.readOn(project.id, seq, { seq: news.at(-1)!.seq, faults: news.reduce(withFaults, known) }))) return;
        for (const cause of causes) await ask(tx, project, { cause, by: 'system', monitor: policies.get(cause.monitor)! });
      });
    }
  };

  const look = async (projectId: string): Promise<void> => {
    const project = await retrainingStore(db.read).project(projectId);
    await readNews(project);
    for (let before = ''; ;) {
      const policies = await policiesOf(project);
      const open = await retrainingStore(db.read).open(projectId);
      const now = JSON.stringify(open);
      if (now === before) return;
      before = now;
      for (const row of open) {
        const monitor = policies.get(row.monitor);
        if (monitor) await stages.advance({ project, row, monitor });
        else await stages.abandon({ project, row });
      }
    }
  };
  const looks = createLooks({ clock, log, look });

  return {
    list: (project: ProjectRef, query: Paging & { monitor?: string }) => retrainingStore(db.read).list(project, query),
    get: async (project: ProjectRef, id: string): Promise<Retraining> =>
      retrainingOf(await retrainingStore(db.read).find(project, id), project.name),
    /** By hand: data that have faults, another one under way and too few labels hold it back all the same. */
    ask: async (actor: Actor, { monitor: name, because = 'asked for by hand', key }: AskedByHand): Promise<Retraining> => {
      const { project } = actor;
      const monitor = (await manifestOf(project))?.monitors.find((one) => one.name === name);
      if (!monitor) throw notFound('monitor', name);
      if (!hasPolicy(monitor)) {
        throw new AppError('failed_precondition', `Monitor ${name} does not retrain: give it \`retrain\` and apply`, {
          reason: 'no_retraining',
        });
      }
      const { id } = await db.write((tx) =>
        once(tx, { projectId: project.id, route: 'retrainings.start', key, asked: { name, because } }, clock, async () => {
          const cause: Cause = { monitor: name, cause: `by-hand:${newId()}`, because, correlationId: null };
          return { id: (await ask(tx, project, { cause, by: actor.id, monitor })).id };
        }),
      );
      const asked = retrainingOf(await retrainingStore(db.read).find(project, id), project.name);
      looks.hint(project.id);
      return asked;
    },
    /** News that may be a cause, or that something is waiting for. */
    hear: async ({ type }: Pick<BoucleEvent, 'type'>, project: Pick<ProjectRef, 'id'>): Promise<void> => {
      if (hints.has(type)) looks.hint(project.id);
    },
    /** Goes on where the last server stopped. */
    start: async (): Promise<void> => {
      for (const { id } of await retrainingStore(db.read).projects()) looks.hint(id);
    },
    settled: looks.settled,
    close: looks.close,
  };
};
export type Retrainings = ReturnType<typeof createRetrainings>;

interface Asked {
  readonly cause: Cause;
  readonly by: string;
  readonly monitor: Retrains;
}
interface AskedByHand {
  readonly monitor: string;
  readonly because?: string;
  readonly key: string | undefined;
}
