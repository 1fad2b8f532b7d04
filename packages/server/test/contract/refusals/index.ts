import type { Stage } from '../stage.ts';
import { alertRefusals } from './alerts.ts';
import { approvalRefusals } from './approvals.ts';
import { datasetRefusals } from './datasets.ts';
import { monitorRefusals } from './monitors.ts';
import { pipelineRefusals } from './pipelines.ts';
import { projectRefusals } from './projects.ts';
import type { Refusals } from './refusal.ts';
import { registryRefusals } from './registry.ts';
import { retrainingRefusals } from './retrainings.ts';
import { rolloutRefusals } from './rollouts.ts';
import { servingRefusals } from './serving.ts';
import { systemRefusals } from './system.ts';
import { trackingRefusals } from './tracking.ts';
import { uploadRefusals } from './uploads.ts';
import { userRefusals } from './users.ts';

export type { Refusal } from './refusal.ts';

export const refusals = (stage: Stage): Refusals => ({
  ...systemRefusals(stage),
  ...projectRefusals(stage),
  ...datasetRefusals(stage),
  ...trackingRefusals(stage),
  ...uploadRefusals(stage),
  ...registryRefusals(stage),
  ...approvalRefusals(stage),
  ...userRefusals(stage),
  ...pipelineRefusals(stage),
  ...servingRefusals(stage),
  ...monitorRefusals(stage),
  ...alertRefusals(stage),
  ...rolloutRefusals(stage),
  ...retrainingRefusals(stage),
});
