import { createDatasets } from '../datasets/index.ts';
import { createMonitoring } from '../monitoring/index.ts';
import { createLocalExecutor, createPipelines, createReproductions } from '../pipelines/index.ts';
import { createProjects } from '../projects/index.ts';
import { createRegistry } from '../registry/index.ts';
import { createReports } from '../reports/index.ts';
import { createServing } from '../serving/index.ts';
import { createTracking } from '../tracking/index.ts';
import type { Platform } from './open-platform.ts';
import { reportSources } from './report-sources.ts';

/** Every module, each handed what it needs of those above it: the whole picture of the server's insides. */
export const createModules = async (platform: Platform) => {
  const { config, clock, db, events, blobs, secrets, log, folder } = platform;
  const base = { db, events, clock, blobs, log };
  const maxUploadBytes = config.maxUpload;

  const projects = createProjects({ ...base, maxUploadBytes });
  const datasets = createDatasets({ ...base, projects, maxUploadBytes, scratch: folder('scratch') });
  const tracking = createTracking({ ...base, projects, maxUploadBytes });
  const registry = createRegistry({ ...base, projects, tracking, scratch: folder('scratch') });
  const executor = await createLocalExecutor({
    folder: folder('steps'),
    blobs,
    slots: config.attempts,
    limits: { memoryBytes: config.stepMemory, wallMs: config.stepTimeout * 1000 },
  });
  const pipelines = createPipelines({
    ...base,
    executor,
    runs: tracking.runs,
    versions: registry.versions,
    manifestOf: ({ project }) => projects.manifests.current(project),
    sourcesOf: async (project, manifestId) => {
      const { manifest } = await projects.manifests.get(project, manifestId);
      return { bundle: manifest.bundle, ...manifest.source };
    },
    secretsOf: async (project, names) =>
      Object.fromEntries(await Promise.all(names.map(async (name) => [name, await secrets.get(project.id, name)] as const))),
    holdBlobs: projects.blobs.hold,
    datasetVersion: ({ project }, dataset, number) => datasets.find(project, dataset, number),
  });
  const reproductions = createReproductions({ pipelines, getRun: ({ project }, runId) => tracking.runs.get(project, runId) });
  const serving = createServing({
    ...base,
    folder: folder('serving'),
    resolveModel: registry.resolve,
    declaredEndpoint: async (project, name) =>
      (await projects.manifests.inForce(project))?.manifest.endpoints.find((endpoint) => endpoint.name === name),
    keepBlob: async (project, text) => {
      const { digest } = await blobs.putBytes(text);
      await db.write((tx) => projects.blobs.hold(tx, project.id, [digest]));
      return digest;
    },
  });
  const monitoring = createMonitoring({
    ...base,
    serving,
    labelsOf: async (project, id) => (await registry.versions.byId(project, id)).labels,
  });
  const reports = createReports({
    ...base,
    sources: reportSources({ blobs, projects, datasets, tracking, registry, pipelines, serving, monitoring }),
  });

  return {
    projects,
    datasets,
    tracking,
    registry,
    pipelines,
    reproductions,
    serving,
    monitoring,
    reports,
    /** Goes on where the last server stopped. */
    start: async (): Promise<void> => {
      await projects.ensureDefault();
      events.start();
      datasets.warm();
      await Promise.all([serving.start(), pipelines.recover()]);
    },
    close: async (): Promise<void> => {
      await Promise.all([pipelines.close(), serving.close(), datasets.close()]);
    },
  };
};
export type Modules = Awaited<ReturnType<typeof createModules>>;
