import { AppError, invalid, notFound, type Run, type RunEnvironment, type RunResources } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import { type Clock, type Db, type Events, newId, once, type Tx } from '../platform/index.ts';
import { defaultExperiment, type Experiments, isFirstDefault } from './experiments.ts';
import { factsStore } from './facts-store.ts';
import { logged, type Logged, type RunLog, type Texts } from './logged.ts';
import { type HistoryQuery, metricStore } from './metric-store.ts';
import { runName } from './run-name.ts';
import { type ExperimentChoice, type RunQuery, type RunStatus, runStore } from './run-store.ts';
import { together } from './together.ts';

export interface NewRun extends Omit<RunLog, 'metrics'> {
  readonly experimentId?: string;
  /** Made where the project has none of that name; `Default` where neither is said. */
  readonly experiment?: string;
  readonly name?: string;
  readonly parentRunId?: string;
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
export interface RunEnd {
  readonly status: 'finished' | 'failed' | 'killed';
  readonly resources?: RunResources | null;
}

/** All of these join a write they are called in, so that a step and its run become true together. */
export const createRuns = ({ db, events, clock, experiments }: { db: Db; events: Events; clock: Clock; experiments: Experiments }) => {
  /** Files the run, and makes an experiment that is named and was not there. */
  const file = async (
    tx: Tx,
    project: ProjectRef,
    { experiment, ...run }: Omit<Run, 'experimentId'> & { experiment: ExperimentChoice },
  ) => {
    const runs = runStore(tx);
    let experimentId = await runs.insert(project, run, experiment);
    if (experimentId === undefined && experiment.by === 'name') {
      await experiments.ensure(tx, project, experiment.value);
      experimentId = await runs.insert(project, run, experiment);
    }
    if (experimentId === undefined) throw notFound('experiment', experiment.value);
    return { ...run, experimentId };
  };

  /** Asked at once with the check that the run goes on: if it does not, all is undone. */
  const add = (tx: Tx, runId: string, { points, params, tags, inputs }: Logged): Promise<unknown>[] => {
    const facts = factsStore(tx);
    return [
      ...(points.length > 0 ? [metricStore(tx).add(runId, points)] : []),
      ...(isEmpty(params) ? [] : [facts.addParams(runId, params).then(refuseChanged(params))]),
      ...(isEmpty(tags) ? [] : [facts.setTags(runId, tags)]),
      ...(inputs.length > 0 ? [facts.addInputs(runId, inputs)] : []),
    ];
  };

  const start = async (tx: Tx, actor: Actor, input: NewRun): Promise<Run> => {
    const { project } = actor;
    const { name, parentRunId, origin } = input;
    const said = logged(input, clock.now().getTime());
    const parentCorrelation = parentRunId === undefined ? undefined : await runStore(tx).correlationOf(project, parentRunId);
    if (parentRunId !== undefined && parentCorrelation === undefined) throw notFound('run', parentRunId);
    const id = newId();
    const run: Run = await file(tx, project, {
      experiment: experimentChoice(project, input),
      id,
      project: project.name,
      name: name ?? runName(id),
      status: 'running',
      parentRunId: parentRunId ?? null,
      stepRunId: origin?.stepRunId ?? null,
      startedAt: clock.now().toISOString(),
      endedAt: null,
      params: { ...said.params },
      tags: { ...said.tags },
      metrics: {},
      inputs: [...said.inputs],
      commit: origin?.commit ?? null,
      changes: origin?.changes ?? null,
      codeDigest: origin?.codeDigest ?? null,
      seed: origin?.seed ?? null,
      environment: origin?.environment ?? null,
      resources: null,
      correlationId: input.correlationId ?? parentCorrelation ?? newId(),
    });
    await together([
      ...add(tx, id, said),
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

  return {
    start: (actor: Actor, input: NewRun, idempotencyKey?: string): Promise<Run> =>
      db.write((tx) =>
        once(tx, { projectId: actor.project.id, route: 'runs.create', key: idempotencyKey, asked: input }, clock, () =>
          start(tx, actor, input),
        ),
      ),
    /** All or nothing. */
    log: async (actor: Actor, id: string, log: RunLog): Promise<void> => {
      const said = logged(log, clock.now().getTime());
      await db.write((tx) => together([requireRunning(tx, actor.project, id), ...add(tx, id, said)]));
    },
    /** Ending it a second time with the same status changes nothing. */
    end: (actor: Actor, id: string, { status, resources = null }: RunEnd): Promise<Run> =>
      db.write(async (tx) => {
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
      }),
    get: async (project: ProjectRef, id: string): Promise<Run> => {
      const run = await runStore(db.read).find(project, id);
      if (!run) throw notFound('run', id);
      return run;
    },
    list: (project: ProjectRef, query: RunQuery) => runStore(db.read).list(project, query),
    count: (project: ProjectRef): Promise<number> => runStore(db.read).count(project),
    /** All points of one metric, by step, then time, then value. */
    history: async (project: ProjectRef, id: string, query: HistoryQuery) => {
      const [status, page] = await together([runStore(db.read).statusOf(project, id), metricStore(db.read).history(id, query)]);
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
  if (experiment !== undefined) throw invalid('Name the experiment by experimentId or by experiment, not by both', 'experiment_said_twice');
  return isFirstDefault(project, experimentId) ? { by: 'name', value: defaultExperiment } : { by: 'id', value: experimentId };
};

const isEmpty = (texts: Texts): boolean => Object.keys(texts).length === 0;

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
