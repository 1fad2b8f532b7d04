import { AppError, type DatasetInput, type Metric, notFound, type Run, type RunEnvironment, type RunResources } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import { type Clock, type Db, type Events, newId, once, type Tx } from '../platform/index.ts';
import { checkKeys, checkTexts } from './check-log.ts';
import { defaultExperiment, type Experiments, isFirstDefault } from './experiments.ts';
import { pointOf } from './metric-point.ts';
import { metricStore } from './metric-store.ts';
import { runName } from './run-name.ts';
import { type ExperimentChoice, type RunFilter, type RunStatus, runStore } from './run-store.ts';
import { together } from './together.ts';

type Texts = Readonly<Record<string, string>>;

export interface NewRun {
  readonly experimentId?: string;
  /** Made where the project has none of that name; `Default` where neither is said. */
  readonly experiment?: string;
  readonly name?: string;
  readonly parentRunId?: string;
  readonly params?: Texts;
  readonly tags?: Texts;
  readonly inputs?: readonly DatasetInput[];
  readonly correlationId?: string;
  /** What a step's run knows of where it came from. */
  readonly origin?: {
    readonly stepRunId: string;
    readonly commit: string | null;
    readonly changes: string | null;
    readonly codeDigest: string | null;
    readonly seed: string | null;
    readonly environment: RunEnvironment | null;
  };
}
export interface RunLog {
  readonly metrics?: readonly Metric[];
  readonly params?: Texts;
  readonly tags?: Texts;
  readonly inputs?: readonly DatasetInput[];
}
export interface RunEnd {
  readonly status: 'finished' | 'failed' | 'killed';
  readonly resources?: RunResources | null;
}

/** All of these join a write they are called in, so that a step and its run become true together. */
export const createRuns = ({ db, events, clock, experiments }: { db: Db; events: Events; clock: Clock; experiments: Experiments }) => {
  const store = async (tx: Tx, project: ProjectRef, run: Omit<Run, 'experimentId'>, input: NewRun): Promise<Run> => {
    const choice = experimentChoice(project, input);
    const runs = runStore(tx);
    let filed = await runs.insert(project, run, choice);
    if (filed === undefined && choice.by === 'name') {
      await experiments.ensure(tx, project, choice.value);
      filed = await runs.insert(project, run, choice);
    }
    if (filed === undefined) throw notFound('experiment', choice.value);
    return { ...run, experimentId: filed };
  };

  /** Asked at once with the check that the run goes on: if it does not, all is undone. */
  const add = (tx: Tx, runId: string, { metrics = [], params = {}, tags = {}, inputs = [] }: RunLog): Promise<unknown>[] => {
    const runs = runStore(tx);
    const now = clock.now().getTime();
    const [paramEntries, tagEntries] = [Object.entries(params), Object.entries(tags)];
    checkKeys([...metrics.map(({ key }) => key), ...Object.keys(params), ...Object.keys(tags)]);
    checkTexts(params);
    checkTexts(tags);
    const points = metrics.map((metric) => pointOf(metric, now));
    return [
      ...(points.length > 0 ? [metricStore(tx).add(runId, points)] : []),
      ...(paramEntries.length > 0 ? [runs.addParams(runId, paramEntries).then(refuseChanged(params))] : []),
      ...(tagEntries.length > 0 ? [runs.setTags(runId, tagEntries)] : []),
      ...(inputs.length > 0 ? [runs.addInputs(runId, inputs)] : []),
    ];
  };

  const start = async (tx: Tx, actor: Actor, input: NewRun): Promise<Run> => {
    const { project } = actor;
    const { name, parentRunId, params = {}, tags = {}, inputs = [], origin } = input;
    const parentCorrelation = parentRunId === undefined ? undefined : await runStore(tx).correlationOf(project, parentRunId);
    if (parentRunId !== undefined && parentCorrelation === undefined) throw notFound('run', parentRunId);
    const id = newId();
    const run = await store(
      tx,
      project,
      {
        id,
        project: project.name,
        name: name ?? runName(id),
        status: 'running',
        parentRunId: parentRunId ?? null,
        stepRunId: origin?.stepRunId ?? null,
        startedAt: clock.now().toISOString(),
        endedAt: null,
        params: { ...params },
        tags: { ...tags },
        metrics: {},
        inputs: [...inputs],
        commit: origin?.commit ?? null,
        changes: origin?.changes ?? null,
        codeDigest: origin?.codeDigest ?? null,
        seed: origin?.seed ?? null,
        environment: origin?.environment ?? null,
        resources: null,
        correlationId: input.correlationId ?? parentCorrelation ?? newId(),
      },
      input,
    );
    await together([
      ...add(tx, id, { params, tags, inputs }),
      events.record(tx, {
        type: 'run.started',
        project,
        subject: { type: 'run', id },
        actor: actor.id,
        correlationId: run.correlationId,
        data: { name: run.name, experimentId: run.experimentId },
      }),
    ]);
    return run;
  };

  const end = async (tx: Tx, actor: Actor, id: string, { status, resources = null }: RunEnd): Promise<Run> => {
    const { project } = actor;
    const runs = runStore(tx);
    const [ended, run] = await together([
      runs.end(project, id, { status, endedAt: clock.now().toISOString(), resources }),
      runs.find(project, id),
    ]);
    if (!run) throw notFound('run', id);
    if (!ended && run.status !== status) throw hasEnded(id, run.status);
    if (!ended) return run;
    await events.record(tx, {
      type: 'run.ended',
      project,
      subject: { type: 'run', id },
      actor: actor.id,
      correlationId: run.correlationId,
      data: { name: run.name, status, metrics: run.metrics },
    });
    return run;
  };

  return {
    start: (actor: Actor, input: NewRun, idempotencyKey?: string): Promise<Run> =>
      db.write((tx) =>
        once(tx, { projectId: actor.project.id, route: 'runs.create', key: idempotencyKey, asked: input }, clock, () =>
          start(tx, actor, input),
        ),
      ),
    /** All or nothing. */
    log: (actor: Actor, id: string, log: RunLog): Promise<void> =>
      db.write(async (tx) => {
        await together([requireRunning(tx, actor.project, id), ...add(tx, id, log)]);
      }),
    /** Ending it a second time with the same status changes nothing. */
    end: (actor: Actor, id: string, how: RunEnd): Promise<Run> => db.write((tx) => end(tx, actor, id, how)),
    get: async (project: ProjectRef, id: string): Promise<Run> => {
      const run = await runStore(db.read).find(project, id);
      if (!run) throw notFound('run', id);
      return run;
    },
    list: (project: ProjectRef, { limit, cursor, ...filter }: RunFilter & { limit: number; cursor?: string }) =>
      runStore(db.read).list(project, filter, limit, cursor),
    count: (project: ProjectRef): Promise<number> => runStore(db.read).count(project),
    /** All points of one metric, by step, then time, then value. */
    history: async (project: ProjectRef, id: string, { key, limit, cursor }: { key: string; limit: number; cursor?: string }) => {
      const [status, page] = await together([
        runStore(db.read).statusOf(project, id),
        metricStore(db.read).history(id, key, limit, cursor),
      ]);
      if (!status) throw notFound('run', id);
      return page;
    },
  };
};
export type Runs = ReturnType<typeof createRuns>;

export const requireRunning = async (tx: Tx, project: ProjectRef, id: string): Promise<void> => {
  const status = await runStore(tx).statusOf(project, id);
  if (!status) throw notFound('run', id);
  if (status !== 'running' && status !== 'scheduled') throw hasEnded(id, status);
};

const hasEnded = (id: string, status: RunStatus): AppError =>
  new AppError('failed_precondition', `Run ${id} has ended (${status}), and stays as it is: start another run`, {
    reason: 'run_ended',
    details: { runId: id, status },
  });

const experimentChoice = (project: ProjectRef, { experimentId, experiment }: NewRun): ExperimentChoice => {
  if (experimentId === undefined) return { by: 'name', value: experiment ?? defaultExperiment };
  return isFirstDefault(project, experimentId) ? { by: 'name', value: defaultExperiment } : { by: 'id', value: experimentId };
};

const refuseChanged =
  (given: Texts) =>
  (changed: readonly { readonly key: string; readonly value: string }[]): void => {
    const [first] = changed;
    if (!first) return;
    const { key, value } = first;
    throw new AppError('conflict', `Param "${key}" is "${value}" already, and cannot become "${given[key]}": start another run`, {
      reason: 'param_changed',
      details: { params: changed.map((one) => ({ key: one.key, value: one.value, given: given[one.key] })) },
    });
  };
