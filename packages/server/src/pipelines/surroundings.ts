import type { Permission, Run } from '@boucle/contract';
import type { Caller, ProjectRef } from '../governance/index.ts';
import type { Environment } from './ports.ts';
import type { Turn } from './turn.ts';

interface Surroundings {
  readonly address: string | undefined;
  readonly token: string;
  readonly project: ProjectRef;
  readonly run: Pick<Run, 'id' | 'experimentId'> | null;
}

/**
 * What a step finds in its environment: the way back to this server, for our own clients and for MLflow's, whose logging then
 * lands in the step's Run. The token names the project to a client that knows of none.
 */
export const surroundingsOf = ({ address, token, project, run }: Surroundings): Environment =>
  address === undefined
    ? {}
    : {
        BOUCLE_URL: address,
        BOUCLE_PROJECT: project.name,
        BOUCLE_TOKEN: token,
        MLFLOW_TRACKING_URI: address,
        MLFLOW_TRACKING_TOKEN: token,
        ...(run && { MLFLOW_RUN_ID: run.id, MLFLOW_EXPERIMENT_ID: run.experimentId }),
      };

/** A step speaks for itself, in its own project, about data, runs and models: it neither deploys nor lets anybody in. */
export const stepCaller = ({ project, row }: Pick<Turn, 'project' | 'row'>): Caller => ({
  id: `step:${row.id}`,
  permissions: stepPermissions,
  onlyIn: project,
});
const stepPermissions: readonly Permission[] = [
  'datasets:read',
  'experiments:read',
  'experiments:write',
  'runs:read',
  'runs:write',
  'models:read',
  'models:write',
  'models:promote',
  'system:read',
];
