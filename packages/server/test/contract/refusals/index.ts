import type { Stage } from '../stage.ts';
import { datasetRefusals } from './datasets.ts';
import { pipelineRefusals } from './pipelines.ts';
import { projectRefusals } from './projects.ts';
import type { Refusals } from './refusal.ts';
import { registryRefusals } from './registry.ts';
import { servingRefusals } from './serving.ts';
import { trackingRefusals } from './tracking.ts';

export type { Refusal } from './refusal.ts';

export const refusals = (stage: Stage): Refusals => ({
  system: { info: {} },
  ...projectRefusals(stage),
  ...datasetRefusals(stage),
  ...trackingRefusals(stage),
  ...registryRefusals(stage),
  ...pipelineRefusals(stage),
  ...servingRefusals(stage),
});
