import { notFound } from '@boucle/contract';
import type { Actor, ProjectRef } from '../../governance/index.ts';
import { type Clock, type Db, newId, type Tx } from '../../platform/index.ts';
import { experimentStore } from '../experiment-store.ts';
import { type Experiments, requireActive } from '../experiments.ts';
import type { ScorerName, ScorerVersion } from './scorer.ts';
import { scorerStore } from './scorer-store.ts';

export const createScorers = ({ db, clock, experiments }: { db: Db; clock: Clock; experiments: Pick<Experiments, 'get'> }) => {
  const requireExperiment = async (project: ProjectRef, id: string): Promise<void> => requireActive(await experiments.get(project, id));
  const versions = async (tx: Tx, project: ProjectRef, scorer: ScorerName): Promise<ScorerVersion[]> => {
    await requireExperiment(project, scorer.experimentId);
    const found = await scorerStore(tx).versions(scorer);
    if (found.length === 0) throw notFound('scorer', scorer.name);
    return found;
  };

  return {
    /** The next version of the name. */
    register: async ({ project }: Actor, { body, ...scorer }: ScorerName & Pick<ScorerVersion, 'body'>): Promise<ScorerVersion> => {
      await requireExperiment(project, scorer.experimentId);
      return db.write(async (tx) => {
        const { id, version } = await scorerStore(tx).next(project, scorer, newId());
        const made = { scorerId: id, ...scorer, version, body, createdAt: clock.now().getTime() };
        await scorerStore(tx).insert(made);
        return made;
      });
    },
    /** The newest version of each, of those experiments that are there and not deleted; of all where none are said. */
    list: async (project: ProjectRef, experimentIds?: readonly string[]): Promise<ScorerVersion[]> => {
      const ids = experimentIds ?? (await experimentStore(db.read).ids(project));
      const active = (await experimentStore(db.read).several(project, [...new Set(ids)])).filter(({ deletedAt }) => deletedAt === null);
      return scorerStore(db.read).newest(active.map(({ id }) => id));
    },
    /** The newest of each of one experiment. */
    listOf: async (project: ProjectRef, experimentId: string): Promise<ScorerVersion[]> => {
      await requireExperiment(project, experimentId);
      return scorerStore(db.read).newest([experimentId]);
    },
    /** From the first one on. */
    versions: (project: ProjectRef, scorer: ScorerName): Promise<ScorerVersion[]> => versions(db.read, project, scorer),
    /** The newest where no version is said. */
    get: async (project: ProjectRef, scorer: ScorerName, version?: number): Promise<ScorerVersion> => {
      const all = await versions(db.read, project, scorer);
      const found = version === undefined ? all.at(-1) : all.find((one) => one.version === version);
      if (!found) throw notFound('scorer', `${scorer.name}/${version}`);
      return found;
    },
    /** The experiment of a scorer; none where it is not there. */
    experimentsOf: (project: ProjectRef, id: string): Promise<string[]> => scorerStore(db.read).experimentsOf(project, id),
    /** One version, or all where none is said. */
    remove: async ({ project }: Actor, scorer: ScorerName, version?: number): Promise<void> => {
      await requireExperiment(project, scorer.experimentId);
      const isGone = await db.write((tx) => scorerStore(tx).remove(scorer, version));
      if (!isGone) throw notFound('scorer', version === undefined ? scorer.name : `${scorer.name}/${version}`);
    },
  };
};
export type Scorers = ReturnType<typeof createScorers>;
