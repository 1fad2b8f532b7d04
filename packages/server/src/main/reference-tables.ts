import { AppError, type StepArtifact } from '@boucle/contract';
import { type ProjectRef, systemActor } from '../governance/index.ts';
import type { ModelTables, StoredTable } from '../monitoring/index.ts';
import type { Pipelines } from '../pipelines/index.ts';
import type { Registry } from '../registry/index.ts';
import type { StoredTables } from './stored-tables.ts';

interface Parts {
  readonly registry: Registry;
  readonly pipelines: Pick<Pipelines, 'step' | 'stepInputs'>;
  readonly storedTables: StoredTables;
}
/** Ports of training steps that hold the rows which are learned from, the surest first. */
const trainingPorts = ['train', 'training', 'data'];

/** From a model version to the rows it was trained on, and those it was judged on; what is not there is null. */
export const createReferenceTables =
  ({ registry, pipelines, storedTables }: Parts) =>
  async (project: ProjectRef, modelVersionId: string): Promise<ModelTables> => {
    const stored = async (digest: string, tree: string): Promise<StoredTable | null> => {
      const parquet = await ifThere(storedTables.parquetOf(tree));
      return parquet && { digest, parquet };
    };
    const trainingOf = async (stepRunId: string): Promise<StoredTable | null> => {
      const actor = systemActor(project);
      const stepRun = await ifThere(pipelines.step(actor, stepRunId));
      if (!stepRun) return null;
      const inputs = await pipelines.stepInputs(actor, stepRun.cachedFrom ?? stepRun.id);
      const isTable = ({ kind }: StepArtifact): boolean => kind === 'table';
      const named = trainingPorts.flatMap((port) => (inputs[port] ?? []).filter(isTable));
      const table = named[0] ?? Object.values(inputs).flat().find(isTable);
      return table ? stored(table.digest, table.tree) : null;
    };
    const version = await registry.versions.byId(project, modelVersionId);
    const tree = await registry.versions.predictionsTree(project, modelVersionId);
    return {
      training: version.stepRunId === null ? null : await trainingOf(version.stepRunId),
      evaluation: tree === null || version.predictions === null ? null : await stored(version.predictions, tree),
    };
  };

const ifThere = async <T>(looked: Promise<T>): Promise<T | null> => {
  try {
    return await looked;
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return null;
    throw error;
  }
};
