import { type Experiment, invalid, notFound, type Run, type RunEnvironment, type RunResources } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import { type Clock, type Db, type Events, newId, once, type Tx } from '../platform/index.ts';
import { type ExperimentChoice, experimentStore } from './experiment-store.ts';
import { defaultExperiment, type Experiments, requireActive } from './experiments.ts';
import { factsStore, type FiledRun } from './facts-store.ts';
import { logged, type Logged, refuseChanged, type RunLog, type Texts } from './logged.ts';
import { metricStore } from './metrics/metric-store.ts';
import type { MeasureModels } from './metrics/model-point.ts';
import { type Amending, runEnded } from './open-run.ts';
import { fromTags, parentRunTag, runNameTag, userTag } from './reserved-tags.ts';
import { createRunLabels, setTags } from './run-labels.ts';
import { createRunLife } from './run-life.ts';
import { createRunLinks } from './run-links.ts';
import { runName } from './run-name.ts';
import { runNews } from './run-news.ts';
import { artifactUriOf, asRun, type RunQuery, type RunRecord, runStore } from './run-store.ts';
import { requireRunning } from './standing.ts';
import { together } from './together.ts';

export interface NewRun extends Omit<RunLog, 'metrics'> {
  readonly experimentId?: string;
  /** Made where the project has none of that name; `Default` where neither is said. */
  readonly experiment?: string;
  readonly name?: string;
  readonly parentRunId?: string;
  readonly correlationId?: string;
  readonly startedAt?: string;
  /** Who a client says runs it; the tag `mlflow.user` says it too. */
  readonly userId?: string;
  /** A pipeline goes on where its experiment is deleted; its runs come back with it. */
  readonly ofPipeline?: boolean;
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

interface Parts {
  readonly db: Db;
  readonly events: Events;
  readonly clock: Clock;
  readonly experiments: Experiments;
  /** Metrics that were measured of logged models are kept with these too. */
  readonly measureModels: MeasureModels;
}

/** All of these join a write they are called in, so that a step and its run become true together. */
export const createRuns = ({ db, events, clock, experiments, measureModels }: Parts) => {
  /** Made where it is named and was not there. */
  const experimentFor = async (tx: Tx, project: ProjectRef, choice: ExperimentChoice): Promise<Experiment> => {
    const find = () => experimentStore(tx).find(project, choice);
    let experiment = await find();
    if (!experiment && choice.by === 'name') {
      await experiments.ensure(tx, project, choice.value);
      experiment = await find();
    }
    if (!experiment) throw notFound('experiment', choice.value);
    return experiment;
  };
  const findRecord = async (tx: Tx, project: ProjectRef, id: string): Promise<RunRecord> => {
    const run = await runStore(tx).find(project, id);
    if (!run) throw notFound('run', id);
    return run;
  };

  /** Asked at once; if one of them fails, all is undone. */
  const add = (tx: Tx, project: ProjectRef, run: FiledRun, { points, measured, params, tags, inputs }: Logged): Promise<unknown>[] => {
    const facts = factsStore(tx);
    const ofModels = measured.map((point) => ({ ...point, runId: run.id }));
    return [
      ...(points.length > 0 ? [metricStore(tx).add(run, points)] : []),
      ...(ofModels.length > 0 ? [measureModels(tx, project, ofModels)] : []),
      ...(isEmpty(params) ? [] : [facts.addParams(run, params).then((changed) => refuseChanged(params, changed, 'start another run'))]),
      ...(isEmpty(tags) ? [] : [setTags(tx, project, run, tags)]),
      ...(inputs.length > 0 ? [facts.addInputs(run.id, inputs)] : []),
    ];
  };

  const start = async (tx: Tx, actor: Actor, input: NewRun): Promise<Run> => {
    const { project } = actor;
    const { origin } = input;
    const logging = logged(input, clock.now().getTime());
    const said = fromTags(logging.tags);
    if (input.name && said.name && input.name !== said.name)
      throw invalid(`The run is named "${input.name}", and "${said.name}" by its tag ${runNameTag}: say one name`, 'name_said_twice');
    const parentId = input.parentRunId ?? said.parent;
    const [experiment, parent] = await together([
      experimentFor(tx, project, experimentChoice(input)),
      parentId === undefined ? undefined : runStore(tx).correlationOf(project, parentId),
    ]);
    if (!input.ofPipeline) requireActive(experiment);
    if (input.parentRunId !== undefined && parent === undefined) throw notFound('run', input.parentRunId);
    const tags = said.parent !== undefined && parent === undefined ? { ...said.tags, [parentRunTag]: said.parent } : said.tags;
    const id = newId();
    const row = {
      id,
      project: project.name,
      experimentId: experiment.id,
      name: input.name || said.name || runName(id),
      status: 'running',
      parentRunId: parent === undefined ? null : parentId!,
      stepRunId: origin?.stepRunId ?? null,
      startedAt: input.startedAt ?? clock.now().toISOString(),
      endedAt: null,
      deletedAt: experiment.deletedAt,
      userId: input.userId || tags[userTag] || null,
      commit: origin?.commit ?? null,
      changes: origin?.changes ?? null,
      codeDigest: origin?.codeDigest ?? null,
      seed: origin?.seed ?? null,
      environment: origin?.environment ?? null,
      resources: null,
      correlationId: input.correlationId ?? parent ?? newId(),
    } as const;
    const run: Run = {
      ...row,
      artifactUri: artifactUriOf(experiment.artifactLocation, id),
      params: { ...logging.params },
      tags: { ...tags },
      metrics: {},
      inputs: [...logging.inputs],
      datasets: [],
      modelInputs: [],
      modelOutputs: [],
    };
    await together([
      runStore(tx).insert(project, row),
      ...add(tx, project, run, { ...logging, tags }),
      runNews(events, tx, actor).started(run),
    ]);
    return run;
  };

  return {
    ...createRunLife({ db, events, clock }),
    ...createRunLabels({ db }),
    ...createRunLinks({ db }),
    start: (actor: Actor, input: NewRun, idempotencyKey?: string): Promise<Run> =>
      db.write((tx) =>
        once(tx, { projectId: actor.project.id, route: 'runs.create', key: idempotencyKey, asked: input }, clock, () =>
          start(tx, actor, input),
        ),
      ),
    /** All or nothing. */
    log: async (actor: Actor, id: string, log: RunLog, { amend = false }: Amending = {}): Promise<void> => {
      const said = logged(log, clock.now().getTime());
      const tagsOnly = said.points.length === 0 && isEmpty(said.params) && said.inputs.length === 0;
      await db.write(async (tx) => {
        const running = requireRunning(tx, actor.project, id, { amend, tagsOnly });
        // The call that comes most often is one message to the database's thread.
        if (isOnlyPoints(said)) await together([running, metricStore(tx).add({ id }, said.points)]);
        else await together(add(tx, actor.project, await running, said));
      });
    },
    /** Ending it a second time with the same status changes nothing. */
    end: (actor: Actor, id: string, { status, resources = null }: RunEnd): Promise<Run> =>
      db.write(async (tx) => {
        const { project } = actor;
        const runs = runStore(tx);
        const [ended, found] = await together([
          runs.end(project, id, { status, endedAt: clock.now().toISOString(), resources }),
          runs.find(project, id),
        ]);
        if (!found) throw notFound('run', id);
        const run = asRun(found);
        if (!ended && run.status !== status) throw runEnded(id, run);
        if (ended) await runNews(events, tx, actor).ended(run);
        return run;
      }),
    get: async (project: ProjectRef, id: string): Promise<Run> => asRun(await findRecord(db.read, project, id)),
    record: (project: ProjectRef, id: string): Promise<RunRecord> => findRecord(db.read, project, id),
    list: async (project: ProjectRef, query: RunQuery) => {
      const page = await runStore(db.read).list(project, query);
      return { ...page, items: page.items.map(asRun) };
    },
    count: (project: ProjectRef): Promise<number> => runStore(db.read).count(project),
  };
};
export type Runs = ReturnType<typeof createRuns>;

const experimentChoice = ({ experimentId, experiment }: NewRun): ExperimentChoice => {
  if (experimentId === undefined) return { by: 'name', value: experiment ?? defaultExperiment };
  if (experiment !== undefined) throw invalid('Name the experiment by experimentId or by experiment, not by both', 'experiment_said_twice');
  return { by: 'id', value: experimentId };
};

const isOnlyPoints = ({ points, measured, params, tags, inputs }: Logged): boolean =>
  points.length > 0 && measured.length === 0 && isEmpty(params) && isEmpty(tags) && inputs.length === 0;
const isEmpty = (texts: Texts): boolean => Object.keys(texts).length === 0;
