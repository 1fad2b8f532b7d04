import { AppError, type Experiment, type Paging } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import type { Clock, Db, Tx } from '../platform/index.ts';
import { defaultProject } from '../projects/index.ts';
import { experimentStore } from './experiment-store.ts';

export const defaultExperiment = 'Default';
/** `0` is `Default` of project `default`, as MLflow's clients expect; it is made at its first use, like every other. */
export const isFirstDefault = (project: ProjectRef, experimentId: string): boolean =>
  project.id === defaultProject.id && experimentId === '0';

export const createExperiments = ({ db, clock }: { db: Db; clock: Clock }) => {
  const insert = async (tx: Tx, project: ProjectRef, name: string): Promise<Experiment | undefined> => {
    const experiments = experimentStore(tx);
    const id = project.id === defaultProject.id && name === defaultExperiment ? '0' : await experiments.nextId();
    const experiment: Experiment = { id, project: project.name, name, createdAt: clock.now().toISOString() };
    return (await experiments.insert(project, experiment)) ? experiment : undefined;
  };
  return {
    create: ({ project }: Actor, { name }: { name: string }): Promise<Experiment> =>
      db.write(async (tx) => {
        const made = await insert(tx, project, name);
        if (!made)
          throw new AppError('conflict', `An experiment named "${name}" is there already: use it, or choose another name`, {
            reason: 'already_exists',
            details: { experiment: name },
          });
        return made;
      }),
    list: (project: ProjectRef, paging: Paging) => experimentStore(db.read).list(project, paging),
    /** In the write of a run that names an experiment nobody made yet. */
    ensure: async (tx: Tx, project: ProjectRef, name: string): Promise<void> => void (await insert(tx, project, name)),
  };
};
export type Experiments = ReturnType<typeof createExperiments>;
