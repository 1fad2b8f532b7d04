import type { FastifyInstance } from 'fastify';
import type { Users } from '../../governance/index.ts';
import type { Webhooks } from '../../notifications/index.ts';
import type { Registry } from '../../registry/index.ts';
import type { Tracking } from '../../tracking/index.ts';
import { bindOtlp } from '../otlp/index.ts';
import { bindArtifactProxy } from './artifact-proxy.ts';
import { bindRoutes, type MlflowDoor } from './bind-mlflow.ts';
import { bindGraphql } from './graphql/bind-graphql.ts';
import type { MlflowRoute } from './route.ts';
import { artifactRoutes } from './routes/artifacts.ts';
import { evaluationDatasetRoutes } from './routes/evaluation-datasets.ts';
import { experimentRoutes } from './routes/experiments.ts';
import { issueRoutes } from './routes/issues.ts';
import { loggedModelRoutes } from './routes/logged-models.ts';
import { metricRoutes } from './routes/metrics.ts';
import { modelVersionRoutes } from './routes/model-versions.ts';
import { olderTraceRoutes } from './routes/older-traces.ts';
import { promptLabRoutes } from './routes/promptlab.ts';
import { registeredModelRoutes } from './routes/registered-models.ts';
import { runRoutes } from './routes/runs.ts';
import { scorerRoutes } from './routes/scorers.ts';
import { searchRoutes } from './routes/search.ts';
import { serverInfoRoutes } from './routes/server-info.ts';
import { traceMetricRoutes } from './routes/trace-metrics.ts';
import { traceRoutes } from './routes/traces.ts';
import { userRoutes } from './routes/users.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { refuseUnknownRoutes } from './unknown-route.ts';

export interface MlflowModules {
  readonly tracking: Tracking;
  readonly registry: Registry;
  readonly webhooks: Webhooks;
  readonly users: Users;
}

/** The whole table. */
export const mlflowRoutes = ({ tracking, registry, webhooks, users }: MlflowModules): MlflowRoute[] => [
  ...experimentRoutes(tracking),
  ...runRoutes(tracking),
  ...searchRoutes(tracking),
  ...metricRoutes(tracking),
  ...artifactRoutes(tracking),
  ...traceRoutes(tracking),
  ...olderTraceRoutes(tracking),
  ...traceMetricRoutes(tracking),
  ...evaluationDatasetRoutes(tracking),
  ...scorerRoutes(tracking),
  ...issueRoutes(tracking),
  ...promptLabRoutes(tracking),
  ...loggedModelRoutes(tracking),
  ...registeredModelRoutes(registry),
  ...modelVersionRoutes(registry),
  ...webhookRoutes(webhooks),
  ...userRoutes(users),
  ...serverInfoRoutes(),
];

/** MLflow's REST API over our own operations: clients point MLFLOW_TRACKING_URI here. */
export const bindMlflow = (app: FastifyInstance, modules: MlflowModules, door: MlflowDoor): void => {
  void app.register(async (own) => bindOtlp(own, modules.tracking, door));
  void app.register(async (own) => bindArtifactProxy(own, modules, door));
  const routes = mlflowRoutes(modules);
  void app.register(async (own) => bindRoutes(own, routes, door));
  void app.register(async (own) => bindGraphql(own, routes, door));
  refuseUnknownRoutes(app, door);
};
