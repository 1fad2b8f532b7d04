import { alerts, silences } from './alerts.ts';
import { approvals } from './approvals.ts';
import { datasets } from './datasets.ts';
import { channels, notifications } from './notifications.ts';
import { monitors } from './monitors.ts';
import { pipelineRuns, pipelines, stepRuns } from './pipelines.ts';
import { blobs, manifests, projects, secrets } from './projects.ts';
import { aliases, models } from './registry.ts';
import { events, reports, system } from './reports.ts';
import { endpoints, feedback, predictions, traffic } from './serving.ts';
import { retrainings } from './retraining.ts';
import { rollouts } from './rollouts.ts';
import { experiments } from './experiments.ts';
import { runs } from './runs.ts';
import { uploads } from './uploads.ts';
import { triggers } from './triggers.ts';
import { roles, tokens, users } from './users.ts';

export * from './approvals.ts';
export * from './alerts.ts';
export * from './common.ts';
export * from './comparison.ts';
export * from './datasets.ts';
export * from './digest.ts';
export * from './errors.ts';
export * from './event-types.ts';
export * from './experiments.ts';
export * from './implied-errors.ts';
export * from './model.ts';
export * from './model-reference.ts';
export * from './monitors.ts';
export * from './notifications.ts';
export * from './openapi.ts';
export * from './packaged-version.ts';
export * from './pipelines.ts';
export * from './policy.ts';
export * from './projects.ts';
export * from './registry.ts';
export * from './reports.ts';
export * from './retraining.ts';
export * from './rollout-evidence.ts';
export * from './rollout-life.ts';
export * from './rollout-policy.ts';
export * from './rollouts.ts';
export * from './route.ts';
export * from './search/fields.ts';
export * from './search/filter.ts';
export * from './search/order.ts';
export * from './serving.ts';
export * from './table.ts';
export { DatasetInput, isLogKey, isSystemMetric, LoggedDataset, LogKey, Metric } from './logged.ts';
export * from './runs.ts';
export * from './uploads.ts';
export * from './triggers.ts';
export * from './users.ts';

/** All that crosses the wire, by area. Server, SDK, OpenAPI, permissions and docs are derived from this one object. */
export const api = {
  system,
  projects,
  manifests,
  blobs,
  secrets,
  users,
  roles,
  tokens,
  datasets,
  experiments,
  runs,
  uploads,
  models,
  aliases,
  approvals,
  pipelines,
  pipelineRuns,
  stepRuns,
  triggers,
  endpoints,
  traffic,
  rollouts,
  retrainings,
  predictions,
  feedback,
  monitors,
  alerts,
  silences,
  notifications,
  channels,
  reports,
  events,
};
