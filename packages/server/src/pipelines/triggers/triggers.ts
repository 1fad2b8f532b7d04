import { AppError, type Backfill, type Manifest, type PipelineRun, type PipelineTrigger } from '@boucle/contract';
import { type Actor, type ProjectRef, systemActor } from '../../governance/index.ts';
import { type Clock, createLooks, type Db, type Log } from '../../platform/index.ts';
import type { Pipelines } from '../pipelines.ts';
import { atDueTime, dueBetween, dueCause, firingOf, onVersion } from './causes.ts';
import { zoneOf } from './declared.ts';
import { dueTimes, nextDue } from './due-times.ts';
import { createFollowing, type Followed } from './follow-manifest.ts';
import { toRun } from './to-run.ts';
import { type FiringRow, triggerStore } from './trigger-store.ts';
import { createWakeTimes } from './wake-times.ts';

interface Parts {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly start: Pipelines['start'];
  readonly manifestOf: (project: ProjectRef) => Promise<Manifest | undefined>;
  /** The newest version of a dataset; 0 before there is one. */
  readonly latestVersion: (project: ProjectRef, dataset: string) => Promise<number>;
  /** Who made a version. */
  readonly versionBy: (project: ProjectRef, dataset: string, number: number) => Promise<string>;
}

/** A leap of the clock, forth or back, is noticed within this. */
const heartbeatMs = 5 * 60_000;
const mostDue = 1000;
const mostVersions = 100;

/** Starts pipelines by schedule, by new dataset versions and by webhook: one run for each cause, however often it is looked at and by whom. */
export const createTriggers = ({ db, clock, log, start, manifestOf, latestVersion, versionBy }: Parts) => {
  const following = createFollowing({ db, clock, manifestOf, latestVersion });
  const wakeTimes = createWakeTimes({ clock, wake: (projectId) => looks.hint(projectId) });
  let closed = false;
  let forgetBeat = (): void => {};

  const look = async (projectId: string): Promise<void> => {
    const project = await triggerStore(db.read).project(projectId);
    await following.follow(project);
    const triggers = await following.followed(project);
    wakeTimes.set(projectId, triggers.flatMap(awaited));
    for (const trigger of triggers) {
      await fireDue(project, trigger);
      await fireVersions(project, trigger);
    }
    await startWaiting(project);
  };
  const looks = createLooks({ clock, log, look });

  const awaited = ({ row, trigger }: Followed) =>
    'schedule' in trigger && row.next_due !== null
      ? [{ id: row.id, projectId: row.project_id, schedule: scheduleOf(trigger), due: new Date(row.next_due) }]
      : [];

  const fireDue = async (project: ProjectRef, { plan, name, trigger, row }: Followed): Promise<void> => {
    if (!('schedule' in trigger) || row.next_due === null) return;
    const now = clock.now();
    const schedule = scheduleOf(trigger);
    const next = nextDue(schedule, now)?.toISOString() ?? null;
    if (next !== null && next < row.next_due) {
      // The clock went back: what is due from now on is not put off until the time that it showed before.
      await db.write((tx) => triggerStore(tx).move(row, { next_due: next, passedOver: 0 }));
      return looks.hint(project.id);
    }
    if (row.next_due > now.toISOString()) return;
    const due = dueTimes(schedule, { from: new Date(row.next_due), to: now, limit: mostDue });
    const isAll = due.length < mostDue;
    const goOn = isAll ? next : nextDue(schedule, due.at(-1)!)!.toISOString();
    const { run, passedOver } = toRun({ due, now, missed: trigger.missed ?? 'skip', met: wakeTimes.met(project.id), isAll });
    await db.write(async (tx) => {
      const triggers = triggerStore(tx);
      if (!(await triggers.move(row, { next_due: goOn, passedOver }))) return;
      for (const time of run) await triggers.fire(firingOf(project, atDueTime({ plan, name, due: time }), now));
    });
    wakeTimes.forget(project.id, due);
    if (passedOver > 0) log.warn('runs of a schedule were missed', { project: project.name, trigger: name, passedOver });
    if (!isAll) looks.hint(project.id);
  };

  const fireVersions = async (project: ProjectRef, { plan, name, trigger, row }: Followed): Promise<void> => {
    if (!('newVersionOf' in trigger) || row.seen === null) return;
    const dataset = trigger.newVersionOf;
    const latest = await latestVersion(project, dataset);
    if (latest <= row.seen) return;
    const from = Math.max(row.seen, latest - mostVersions) + 1;
    const numbers = Array.from({ length: latest - from + 1 }, (_, i) => from + i);
    const retraining = await retrainersOf(project, plan.pipeline);
    const makers = await Promise.all(numbers.map((number) => versionBy(project, dataset, number)));
    // A retraining runs this pipeline itself on the version that it made.
    const ours = numbers.filter((_, i) => !retraining.has(makers[i]!));
    await db.write(async (tx) => {
      const triggers = triggerStore(tx);
      if (!(await triggers.move(row, { seen: latest, passedOver: 0 }))) return;
      for (const number of ours) await triggers.fire(firingOf(project, onVersion({ plan, name, dataset, number }), clock.now()));
    });
  };
  const retrainersOf = async (project: ProjectRef, pipeline: string): Promise<Set<string>> => {
    const { monitors = [] } = (await manifestOf(project)) ?? {};
    return new Set(monitors.flatMap(({ name, retrain }) => (retrain?.pipeline === pipeline ? [`retraining:${name}`] : [])));
  };

  const startWaiting = async (project: ProjectRef): Promise<void> => {
    for (let page; !closed && (page = await triggerStore(db.read).waiting(project.id)).length > 0;) {
      for (const firing of page) await startOne(project, firing);
    }
  };
  /** The firing's id is the key: started twice, it is one run. */
  const startOne = async (project: ProjectRef, { id, trigger_name, pipeline, params, inputs }: FiringRow): Promise<void> => {
    const asked = { pipeline, params: JSON.parse(params) as Params, inputs: JSON.parse(inputs) as Record<string, number> };
    const settle = (to: Pick<FiringRow, 'status' | 'pipeline_run_id' | 'message'>) => db.write((tx) => triggerStore(tx).settle(id, to));
    try {
      const run = await start(actorOf(project, trigger_name), { ...asked, salt: '', cache: true, key: `firing:${id}` });
      await settle({ status: 'started', pipeline_run_id: run.id, message: null });
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'unavailable') throw error;
      log.warn('a trigger could not start its pipeline', { project: project.name, trigger: trigger_name, message: error.message });
      await settle({ status: 'failed', pipeline_run_id: null, message: error.message });
    }
  };

  const lookEverywhere = async (): Promise<void> => {
    for (const { id } of await triggerStore(db.read).projects()) looks.hint(id);
  };
  const beat = (): void => {
    if (closed) return;
    forgetBeat = clock.at(new Date(clock.now().getTime() + heartbeatMs), () => {
      beat();
      lookEverywhere().catch((error: unknown) => log.error('triggers could not be looked at', { error }));
    });
  };

  return {
    list: async (project: ProjectRef): Promise<PipelineTrigger[]> => {
      const rows = new Map((await following.followed(project)).map(({ pipeline, name, row }) => [`${pipeline}\n${name}`, row]));
      const last = new Map((await triggerStore(db.read).last(project.id)).map((row) => [`${row.pipeline}\n${row.trigger_name}`, row]));
      return (await following.inForce(project)).map(({ pipeline, name, trigger }) => {
        const row = rows.get(`${pipeline}\n${name}`);
        const firing = last.get(`${pipeline}\n${name}`);
        return {
          project: project.name,
          name,
          pipeline,
          trigger,
          nextDue: row?.next_due ?? null,
          passedOver: row?.passed_over ?? 0,
          last: firing ? { due: firing.due, status: firing.status, pipelineRunId: firing.pipeline_run_id, message: firing.message } : null,
        };
      });
    },
    /** By webhook or by hand, whatever its kind. */
    fire: async ({ project }: Actor, { name, params, key }: Fired): Promise<PipelineRun> => {
      const all = await following.inForce(project);
      const found = all.find((trigger) => trigger.name === name);
      if (!found) {
        const known = all.map((trigger) => trigger.name).join(', ') || 'none';
        throw new AppError('not_found', `There is no trigger ${name} in the manifest in force; there are: ${known}`, {
          reason: 'unknown_trigger',
          details: { what: 'trigger', id: name },
        });
      }
      const asked = { pipeline: found.pipeline, params, inputs: {}, salt: '', cache: true };
      return start(actorOf(project, name), { ...asked, key: key && `trigger:${name}:${key}` });
    },
    /** A due time that had its run keeps it, so that asking again is safe. */
    backfill: async ({ project }: Actor, { pipeline, dryRun, ...period }: Backfilled): Promise<Backfill> => {
      const plan = (await manifestOf(project))?.pipelines.find((one) => one.pipeline === pipeline);
      if (!plan) throw unknownPipeline(pipeline);
      const all = dueBetween(plan, period);
      if (!dryRun) {
        const now = clock.now();
        await db.write(async (tx) => {
          for (const due of all) await triggerStore(tx).fire(firingOf(project, atDueTime({ plan, ...due }), now));
        });
        looks.hint(project.id);
        await looks.settled();
      }
      const causes = all.map(({ due }) => dueCause(due));
      const firings = new Map((await triggerStore(db.read).firings(project.id, pipeline, causes)).map((row) => [row.cause, row]));
      const items = all.map(({ due }) => {
        const firing = firings.get(dueCause(due));
        return { due: due.toISOString(), status: firing?.status ?? ('new' as const), pipelineRunId: firing?.pipeline_run_id ?? null };
      });
      return { pipeline, items };
    },
    /** Something has happened in a project: looks what is due. */
    hint: (projectId: string): void => looks.hint(projectId),
    /** Goes on where the last server stopped. */
    start: async (): Promise<void> => {
      beat();
      await lookEverywhere();
    },
    settled: looks.settled,
    close: async (): Promise<void> => {
      closed = true;
      forgetBeat();
      wakeTimes.close();
      await looks.close();
      wakeTimes.close();
    },
  };
};
export type Triggers = ReturnType<typeof createTriggers>;

type Params = Record<string, unknown>;
interface Fired {
  readonly name: string;
  readonly params: Params;
  readonly key: string | undefined;
}
interface Backfilled {
  readonly pipeline: string;
  readonly from: string;
  readonly to: string;
  readonly dryRun: boolean;
}

const actorOf = (project: ProjectRef, name: string): Actor => ({ ...systemActor(project), id: `trigger:${name}` });
const scheduleOf = (trigger: { readonly schedule: string; readonly zone?: string }) => ({
  schedule: trigger.schedule,
  zone: zoneOf(trigger),
});
const unknownPipeline = (id: string): AppError =>
  new AppError('not_found', `There is no pipeline ${id} in the manifest in force`, {
    reason: 'unknown_pipeline',
    details: { what: 'pipeline', id },
  });
