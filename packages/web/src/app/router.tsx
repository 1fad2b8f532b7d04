import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { datasetVersionSearch } from '../features/datasets/search.ts';
import { endpointSearch } from '../features/endpoints/search.ts';
import { modelsSearch, versionSearch } from '../features/models/search.ts';
import { monitoringSearch } from '../features/monitoring/search.ts';
import { pipelineRunSearch } from '../features/pipelines/search.ts';
import { UnknownPage } from '../features/projects/unknown-project.tsx';
import { runComparisonSearch, runSearch, runsSearch } from '../features/runs/runs-search.ts';
import { projectsQuery } from '../live/queries.ts';
import { Shell } from './shell.tsx';

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Shell, notFoundComponent: UnknownPage });

/** The first project there is; `default` where the list cannot be had, whose page then says why. */
const firstProject = async (queries: QueryClient): Promise<string> => {
  const { items } = await queries.ensureQueryData(projectsQuery).catch(() => ({ items: [] }));
  return items[0]?.name ?? 'default';
};

const index = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: async ({ context }) => {
    throw redirect({ to: '/p/$project/overview', params: { project: await firstProject(context.queries) }, replace: true });
  },
});
const project = createRoute({
  getParentRoute: () => root,
  path: '/p/$project',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/p/$project/overview', params, replace: true });
  },
});
const overview = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/overview',
  component: lazyRouteComponent(() => import('../features/overview/overview-page.tsx'), 'OverviewPage'),
});
const stories = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/stories',
  component: lazyRouteComponent(() => import('../features/stories/stories-page.tsx'), 'StoriesPage'),
});
const story = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/stories/$id',
  component: lazyRouteComponent(() => import('../features/stories/story-page.tsx'), 'StoryPage'),
});
const data = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/data',
  component: lazyRouteComponent(() => import('../features/datasets/data-page.tsx'), 'DataPage'),
});
const dataset = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/data/$dataset',
  component: lazyRouteComponent(() => import('../features/datasets/newest-version-page.tsx'), 'NewestVersionPage'),
});
const datasetVersion = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/data/$dataset/$number',
  validateSearch: datasetVersionSearch,
  component: lazyRouteComponent(() => import('../features/datasets/version-page.tsx'), 'VersionPage'),
});
const pipelines = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/pipelines',
  component: lazyRouteComponent(() => import('../features/pipelines/pipelines-page.tsx'), 'PipelinesPage'),
});
const pipeline = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/pipelines/$pipeline',
  component: lazyRouteComponent(() => import('../features/pipelines/pipeline-page.tsx'), 'PipelinePage'),
});
const pipelineRun = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/pipeline-runs/$pipelineRunId',
  validateSearch: pipelineRunSearch,
  component: lazyRouteComponent(() => import('../features/pipelines/pipeline-run-page.tsx'), 'PipelineRunPage'),
});
const runs = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/runs',
  validateSearch: runsSearch,
  component: lazyRouteComponent(() => import('../features/runs/runs-page.tsx'), 'RunsPage'),
});
const run = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/runs/$runId',
  validateSearch: runSearch,
  component: lazyRouteComponent(() => import('../features/runs/run-page.tsx'), 'RunPage'),
});
const runComparison = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/runs/comparison',
  validateSearch: runComparisonSearch,
  component: lazyRouteComponent(() => import('../features/runs/run-comparison-page.tsx'), 'RunComparisonPage'),
});
const models = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/models',
  validateSearch: modelsSearch,
  component: lazyRouteComponent(() => import('../features/models/models-page.tsx'), 'ModelsPage'),
});
const model = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/models/$model',
  component: lazyRouteComponent(() => import('../features/models/model-page.tsx'), 'ModelPage'),
});
const modelVersion = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/models/$model/$number',
  validateSearch: versionSearch,
  component: lazyRouteComponent(() => import('../features/models/version-page.tsx'), 'VersionPage'),
});
const endpoints = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/endpoints',
  component: lazyRouteComponent(() => import('../features/endpoints/endpoints-page.tsx'), 'EndpointsPage'),
});
const endpoint = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/endpoints/$endpoint',
  validateSearch: endpointSearch,
  component: lazyRouteComponent(() => import('../features/endpoints/endpoint-page.tsx'), 'EndpointPage'),
});
const prediction = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/predictions/$predictionId',
  component: lazyRouteComponent(() => import('../features/endpoints/prediction-page.tsx'), 'PredictionPage'),
});
const monitoring = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/monitoring',
  validateSearch: monitoringSearch,
  component: lazyRouteComponent(() => import('../features/monitoring/monitoring-page.tsx'), 'MonitoringPage'),
});
/** What notifications point at. */
const alerts = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/alerts',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/p/$project/monitoring', params, search: {}, replace: true });
  },
});
const alert = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/alerts/$alertId',
  beforeLoad: ({ params: { project: name, alertId } }) => {
    throw redirect({ to: '/p/$project/monitoring', params: { project: name }, search: { alert: alertId }, replace: true });
  },
});
const comparison = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/comparison',
  component: lazyRouteComponent(() => import('../features/comparison/comparison-page.tsx'), 'ComparisonPage'),
});
const rollouts = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/rollouts',
  component: lazyRouteComponent(() => import('../features/rollouts/rollouts-page.tsx'), 'RolloutsPage'),
});
const rollout = createRoute({
  getParentRoute: () => root,
  path: '/p/$project/rollouts/$id',
  component: lazyRouteComponent(() => import('../features/rollouts/rollout-page.tsx'), 'RolloutPage'),
});

const routeTree = root.addChildren([
  index,
  project,
  overview,
  stories,
  story,
  data,
  dataset,
  datasetVersion,
  pipelines,
  pipeline,
  pipelineRun,
  runs,
  run,
  runComparison,
  comparison,
  monitoring,
  alerts,
  alert,
  rollouts,
  rollout,
  models,
  model,
  modelVersion,
  endpoints,
  endpoint,
  prediction,
]);

export const createAppRouter = (queries: QueryClient) =>
  createRouter({
    routeTree,
    context: { queries },
    // Another project, or another thing of a kind, is another page: nothing of the one before may show through.
    defaultRemountDeps: ({ params }) => params,
    defaultPreload: 'intent',
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
