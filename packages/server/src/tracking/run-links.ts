import type { Run } from '@boucle/contract';
import type { Actor } from '../governance/index.ts';
import type { Db } from '../platform/index.ts';
import { factsStore } from './facts-store.ts';
import type { LoggedInputs } from './logged.ts';
import type { Amending } from './open-run.ts';
import { requireRunning } from './standing.ts';

/** Tables and models that a run used, and models that it made. */
export const createRunLinks = ({ db }: { db: Db }) => ({
  logInputs: (actor: Actor, id: string, { datasets = [], models = [] }: LoggedInputs, amending: Amending = {}): Promise<void> =>
    db.write(async (tx) => {
      const run = await requireRunning(tx, actor.project, id, amending);
      const used = models.map((modelId) => ({ modelId, step: 0 }));
      await factsStore(tx).addDatasets(run, datasets);
      await factsStore(tx).addModels(id, 'input', used);
    }),
  logOutputs: (actor: Actor, id: string, models: Run['modelOutputs'], amending: Amending = {}): Promise<void> =>
    db.write(async (tx) => {
      await requireRunning(tx, actor.project, id, amending);
      await factsStore(tx).addModels(id, 'output', models);
    }),
});
