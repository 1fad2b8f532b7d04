import type { Datasets } from '../datasets/index.ts';
import type { Monitoring } from '../monitoring/index.ts';
import type { Pipelines } from '../pipelines/index.ts';
import type { Projects } from '../projects/index.ts';
import type { Registry } from '../registry/index.ts';
import type { ReportParts } from '../reports/index.ts';
import type { Serving } from '../serving/index.ts';
import type { Tracking } from '../tracking/index.ts';
import type { StoredTables } from './stored-tables.ts';

interface Modules {
  readonly storedTables: StoredTables;
  readonly projects: Projects;
  readonly datasets: Datasets;
  readonly tracking: Tracking;
  readonly registry: Registry;
  readonly pipelines: Pipelines;
  readonly serving: Serving;
  readonly monitoring: Monitoring;
}

/** Where reports read: each fact from the module that owns it. */
export const reportSources = ({
  storedTables,
  projects,
  datasets,
  tracking,
  registry,
  pipelines,
  serving,
  monitoring,
}: Modules): ReportParts['sources'] => ({
  framing: async ({ project }) => {
    const manifest = (await projects.manifests.inForce(project))?.manifest;
    return { problem: manifest?.problem ?? '', kpis: Object.keys(manifest?.kpis ?? {}).length };
  },
  latestDatasetVersion: ({ project }) => datasets.newest(project),
  latestPipelineRun: (actor) => pipelines.latest(actor),
  countRuns: tracking.runs.count,
  latestModelVersion: registry.versions.newest,
  endpoints: serving.facts,
  agreement: monitoring.agreement,
  prediction: serving.find,
  feedback: monitoring.of,
  deployment: serving.deployment,
  modelVersion: registry.versions.byId,
  run: tracking.runs.get,
  stepRun: pipelines.step,
  stepInputs: pipelines.stepInputs,
  pipelineRun: pipelines.get,
  datasetVersion: ({ project }, dataset, number) => datasets.find(project, dataset, number),
  firstRows: (_, { tree }, limit) => storedTables.firstRows(tree, limit),
});
