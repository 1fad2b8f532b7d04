import { datasets } from './datasets.ts';
import { pipelineRuns, pipelines, stepRuns } from './pipelines.ts';
import { blobs, manifests, projects, secrets } from './projects.ts';
import { aliases, models } from './registry.ts';
import { events, reports, system } from './reports.ts';
import { endpoints, feedback, predictions } from './serving.ts';
import { experiments, runs } from './tracking.ts';

export * from './common.ts';
export * from './datasets.ts';
export * from './digest.ts';
export * from './errors.ts';
export * from './event-types.ts';
export * from './implied-errors.ts';
export * from './model.ts';
export * from './model-reference.ts';
export * from './openapi.ts';
export * from './pipelines.ts';
export * from './projects.ts';
export * from './registry.ts';
export * from './reports.ts';
export * from './route.ts';
export * from './serving.ts';
export * from './table.ts';
export * from './tracking.ts';

/** All that crosses the wire, by area. Server, SDK, OpenAPI, permissions and docs are derived from this one object. */
export const api = {
  system,
  projects,
  manifests,
  blobs,
  secrets,
  datasets,
  experiments,
  runs,
  models,
  aliases,
  pipelines,
  pipelineRuns,
  stepRuns,
  endpoints,
  predictions,
  feedback,
  reports,
  events,
};
