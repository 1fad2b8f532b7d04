import { AppError, type BlobDigest, type StepArtifact, type TreeDigest } from '@boucle/contract';
import type { Datasets } from '../datasets/index.ts';
import type { Monitoring } from '../monitoring/index.ts';
import type { Pipelines } from '../pipelines/index.ts';
import type { Blobs } from '../platform/blobs/index.ts';
import type { Projects } from '../projects/index.ts';
import type { Registry } from '../registry/index.ts';
import type { ReportParts } from '../reports/index.ts';
import type { Serving } from '../serving/index.ts';
import type { Tracking } from '../tracking/index.ts';

interface Modules {
  readonly blobs: Blobs;
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
  blobs,
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
  firstRows: async (_, table, limit) => datasets.tables.sample(await parquetOf(blobs, table), { offset: 0, limit }),
});

const parquetOf = async (blobs: Blobs, { tree }: StepArtifact): Promise<BlobDigest> => {
  const file = (await blobs.tree(tree as TreeDigest)).find(({ path }) => path.endsWith('.parquet'));
  if (!file) throw new AppError('not_found', 'This artifact holds no table', { reason: 'no_table' });
  return file.blob;
};
