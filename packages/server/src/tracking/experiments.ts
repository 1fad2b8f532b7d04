import { AppError, type Experiment, notFound, type Paging } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import type { Clock, Db, Events, Tx } from '../platform/index.ts';
import { defaultProject } from '../projects/index.ts';
import { type ExperimentChoice, experimentStore } from './experiment-store.ts';
import { factsStore } from './facts-store.ts';
import { checkTags, type Texts } from './logged.ts';
import { purgeSome } from './purge.ts';
import { runStore } from './run-store.ts';

export const defaultExperiment = 'Default';
/** MLflow's clients know `Default` of the project `default` by this id. */
const firstId = '0';

export interface NewExperiment {
  readonly name: string;
  readonly artifactLocation?: string;
  readonly tags?: Texts;
}
/** How many runs or models one write purges, so that others get their turn. */
const purgedAtOnce = 100;

interface Parts {
  db: Db;
  events: Events;
  clock: Clock;
  /** Where clients keep the artifacts of experiments that name no place; with us where nothing is said. */
  artifactRoot?: string | undefined;
}

export const createExperiments = ({ db, events, clock, artifactRoot }: Parts) => {
  const now = () => clock.now().toISOString();
  const idFor = async (tx: Tx, project: ProjectRef, name: string): Promise<string> => {
    const experiments = experimentStore(tx);
    const isFirst = project.id === defaultProject.id && name === defaultExperiment && !(await experiments.isTaken(firstId));
    return isFirst ? firstId : experiments.nextId();
  };
  const insert = async (tx: Tx, project: ProjectRef, { name, artifactLocation, tags = {} }: NewExperiment) => {
    const id = await idFor(tx, project, name);
    const experiment: Experiment = {
      id,
      project: project.name,
      name,
      tags: { ...tags },
      artifactLocation: artifactLocation ?? (artifactRoot ? `${artifactRoot}/${id}` : null),
      createdAt: now(),
      updatedAt: now(),
      deletedAt: null,
    };
    if (!(await experimentStore(tx).insert(project, experiment))) return undefined;
    await experimentStore(tx).setTags(experiment.id, tags);
    return experiment;
  };
  const find = async (tx: Tx, project: ProjectRef, choice: ExperimentChoice): Promise<Experiment> => {
    const experiment = await experimentStore(tx).find(project, choice);
    if (!experiment) throw notFound('experiment', choice.value);
    return experiment;
  };
  const findById = (tx: Tx, project: ProjectRef, id: string) => find(tx, project, { by: 'id', value: id });
  const announce = (
    tx: Tx,
    { id: actor, project }: Actor,
    type: 'experiment.deleted' | 'experiment.restored' | 'experiment.purged',
    { id, name }: Experiment,
  ) => events.record(tx, { type, project, subject: { type: 'experiment', id }, actor, correlationId: null, data: { name } });

  return {
    create: async (actor: Actor, input: NewExperiment): Promise<Experiment> => {
      checkTags(input.tags ?? {});
      return db.write(async (tx) => {
        const made = await insert(tx, actor.project, input);
        if (!made) throw nameTaken(input.name);
        return made;
      });
    },
    /** At start: `Default` is there from the first one on. */
    ensureDefault: async (): Promise<void> => {
      if (await experimentStore(db.read).isTaken(firstId)) return;
      await db.write((tx) => insert(tx, defaultProject, { name: defaultExperiment }));
    },
    /** In the write of a run that names an experiment nobody made yet. */
    ensure: async (tx: Tx, project: ProjectRef, name: string): Promise<void> => void (await insert(tx, project, { name })),
    get: (project: ProjectRef, id: string): Promise<Experiment> => findById(db.read, project, id),
    byName: (project: ProjectRef, name: string): Promise<Experiment> => find(db.read, project, { by: 'name', value: name }),
    list: (project: ProjectRef, paging: Paging) => experimentStore(db.read).list(project, paging),
    rename: (actor: Actor, id: string, name: string): Promise<Experiment> =>
      db.write(async (tx) => {
        const experiment = await findById(tx, actor.project, id);
        requireActive(experiment);
        const other = await experimentStore(tx).find(actor.project, { by: 'name', value: name });
        if (other && other.id !== id) throw nameTaken(name);
        await experimentStore(tx).change(id, { name, updatedAt: now() });
        return findById(tx, actor.project, id);
      }),
    /** Its runs go with it, and come back with it. Its name stays taken until it is purged. */
    remove: (actor: Actor, id: string): Promise<Experiment> =>
      db.write(async (tx) => {
        const experiment = await findById(tx, actor.project, id);
        if (experiment.deletedAt !== null) return experiment;
        // Later than any run that was deleted by itself, which therefore stays so when the experiment comes back.
        const latest = await runStore(tx).lastDeleted(actor.project, id);
        const at = new Date(Math.max(clock.now().getTime(), latest === undefined ? 0 : Date.parse(latest) + 1)).toISOString();
        await experimentStore(tx).change(id, { deletedAt: at, updatedAt: at });
        await runStore(tx).removeAll(actor.project, id, at);
        await announce(tx, actor, 'experiment.deleted', experiment);
        return { ...experiment, deletedAt: at, updatedAt: at };
      }),
    restore: (actor: Actor, id: string): Promise<Experiment> =>
      db.write(async (tx) => {
        const experiment = await findById(tx, actor.project, id);
        if (experiment.deletedAt === null) return experiment;
        await experimentStore(tx).change(id, { deletedAt: null, updatedAt: now() });
        await runStore(tx).restoreAll(actor.project, id, experiment.deletedAt);
        await announce(tx, actor, 'experiment.restored', experiment);
        return findById(tx, actor.project, id);
      }),
    /** For good, with its runs and logged models, some at a time: killed in between, it is purged by asking again. Frees the name. */
    purge: async (actor: Actor, id: string): Promise<void> => {
      const { project } = actor;
      const isPurged = () =>
        db.write(async (tx) => {
          const experiment = await findById(tx, project, id);
          if (experiment.deletedAt === null) throw notDeleted('experiment', id);
          if (await runStore(tx).hasStepRuns(project, id)) throw isRecord(`Experiment ${id} has runs that steps of pipelines made`);
          if (await purgeSome(tx, project, id, purgedAtOnce)) return false;
          await factsStore(tx).purgeDatasets(id);
          await experimentStore(tx).purge(id);
          await announce(tx, actor, 'experiment.purged', experiment);
          return true;
        });
      while (!(await isPurged()));
    },
    setTags: async (actor: Actor, id: string, tags: Texts): Promise<void> => {
      checkTags(tags);
      await db.write(async (tx) => {
        requireActive(await findById(tx, actor.project, id));
        await experimentStore(tx).setTags(id, tags);
      });
    },
    removeTag: (actor: Actor, id: string, key: string): Promise<void> =>
      db.write(async (tx) => {
        requireActive(await findById(tx, actor.project, id));
        if (!(await experimentStore(tx).removeTag(id, key))) throw notFound('tag', key);
      }),
  };
};
export type Experiments = ReturnType<typeof createExperiments>;

export const requireActive = ({ id, deletedAt }: Experiment): void => {
  if (deletedAt === null) return;
  throw new AppError('failed_precondition', `The experiment ${id} must be in the 'active' state, and it is deleted: restore it first`, {
    reason: 'experiment_deleted',
    details: { experimentId: id },
  });
};
export const notDeleted = (what: string, id: string): AppError =>
  new AppError('failed_precondition', `Only what is deleted can be purged: delete ${what} ${id} first`, { reason: 'not_deleted' });
/** What a pipeline did is evidence for models and deployments. */
export const isRecord = (what: string): AppError =>
  new AppError('failed_precondition', `${what}, and these are a record: they can be deleted, not purged`, { reason: 'run_of_a_step' });

const nameTaken = (name: string): AppError =>
  new AppError('conflict', `An experiment named "${name}" is there already: use it, restore it if it is deleted, or choose another name`, {
    reason: 'already_exists',
    details: { experiment: name },
  });
