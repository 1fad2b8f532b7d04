import { createDatasets } from '../datasets/index.ts';
import { createApprovals, createWhoMay, type ProjectRef } from '../governance/index.ts';
import { createAlerts, createMonitoring, createWindows } from '../monitoring/index.ts';
import { createNotifications, createWebhooks } from '../notifications/index.ts';
import { createLocalExecutor, createPipelines, createReproductions, createTriggers, scheduleFault } from '../pipelines/index.ts';
import { createGarbage } from '../platform/garbage/index.ts';
import { createOutbound } from '../platform/outbound/index.ts';
import { createProjects, type Projects } from '../projects/index.ts';
import { createRegistry } from '../registry/index.ts';
import { createRetrainings } from '../retraining/index.ts';
import { createReports } from '../reports/index.ts';
import { createRollouts } from '../rollouts/index.ts';
import { createServing } from '../serving/index.ts';
import { createTracking } from '../tracking/index.ts';
import type { Platform } from './open-platform.ts';
import { createReferenceTables } from './reference-tables.ts';
import { reportSources } from './report-sources.ts';
import { createStoredTables } from './stored-tables.ts';
import { createAlertSources } from './alert-sources.ts';
import { databaseUrl } from './database-url.ts';
import { createDeclaredMonitors, predictionSource } from './window-sources.ts';
import { wireNews } from './wire-news.ts';

/** Answers of models are larger than those of channels, and may take as long as a prediction may. */
const modelCalls = { totalMs: 60_000, answerBytes: 64 * 2 ** 20 };

/** Every module, each handed what it needs of those above it: the whole picture of the server's insides. */
export const createModules = async (platform: Platform) => {
  const { config, clock, db, events, blobs, secrets, log, folder } = platform;
  const base = { db, events, clock, blobs, log };
  const maxUploadBytes = config.maxUpload;
  // Steps that a start goes on with wait for it.
  const listening = Promise.withResolvers<string | undefined>();

  const projects = createProjects({ ...base, maxUploadBytes, scheduleFault });
  const datasets = createDatasets({ ...base, projects, maxUploadBytes, scratch: folder('scratch') });
  const tracking = createTracking({ ...base, projects, maxUploadBytes, artifactRoot: config.artifactRoot });
  const approvals = createApprovals(base);
  const whoMay = createWhoMay({ ...base, fallback: config.defaultLevel, isRequired: config.auth });
  const declaredEndpoint = async (project: ProjectRef, name: string) =>
    (await projects.manifests.inForce(project))?.manifest.endpoints.find((endpoint) => endpoint.name === name);
  const storedTables = createStoredTables({ blobs, datasets });
  const registry = createRegistry({
    ...base,
    projects,
    tracking,
    scratch: folder('scratch'),
    gates: { declaredEndpoint, readTable: storedTables.pages },
  });
  const executor = await createLocalExecutor({
    folder: folder('steps'),
    blobs,
    slots: config.attempts,
    limits: { memoryBytes: config.stepMemory, wallMs: config.stepTimeout * 1000 },
    lookMs: config.systemMetrics * 1000,
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
    ownAddress: () => listening.promise,
    lendToken: whoMay.identity.lend,
    holdBlobs: projects.blobs.hold,
    datasetVersion: ({ project }, dataset, number) => datasets.find(project, dataset, number),
  });
  const latestVersion = async (project: ProjectRef, dataset: string): Promise<number> => (await datasets.latest(project, dataset)) ?? 0;
  const triggers = createTriggers({
    ...base,
    start: pipelines.start,
    manifestOf: async (project) => (await projects.manifests.inForce(project))?.manifest,
    latestVersion,
    versionBy: async (project, dataset, number) => (await datasets.find(project, dataset, number)).createdBy,
  });
  const reproductions = createReproductions({ pipelines, getRun: ({ project }, runId) => tracking.runs.get(project, runId) });
  const serving = createServing({
    ...base,
    folder: folder('serving'),
    ...(config.modelPrograms && { programs: { python: config.python } }),
    outbound: createOutbound({ allowCalls: config.allowCalls ?? [], limits: modelCalls }),
    resolveModel: registry.resolve,
    newestVersion: async (project, model) => {
      const { latest } = await registry.models.get(project, model);
      return latest === null ? undefined : registry.versions.get(project, model, latest);
    },
    pointAlias: registry.aliases.set,
    declaredEndpoint,
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
  const windows = createWindows({
    ...base,
    ...createDeclaredMonitors(projects),
    scratch: folder('scratch'),
    source: predictionSource(serving),
    tablesOf: createReferenceTables({ registry, pipelines, storedTables }),
  });
  const outbound = createOutbound({ allowCalls: config.allowCalls ?? [] });
  const webhooks = createWebhooks({ ...base, outbound, secrets, projects: projects.all });
  const notifications = createNotifications({
    ...base,
    outbound,
    publicUrl: config.publicUrl,
    mask: secrets.mask,
    secretOf: (project, name) => secrets.get(project.id, name),
    channelsOf: async (project) => (await projects.manifests.inForce(project))?.manifest.channels ?? [],
  });
  const alerts = createAlerts({ ...base, ...createAlertSources({ projects, serving }), notifications });
  const rollouts = createRollouts({
    ...base,
    serving,
    monitoring,
    declaredEndpoint,
    resolveModel: registry.resolve,
    newestVersion: async (project, model) => registry.versions.get(project, model, (await registry.models.get(project, model)).latest ?? 0),
    versionById: registry.versions.byId,
    judgeGates: registry.gates.judge,
    approvals,
    setAlias: registry.aliases.set,
  });
  const retrainings = createRetrainings({
    ...base,
    manifestOf: async (project) => (await projects.manifests.inForce(project))?.manifest,
    monitoring,
    datasets,
    startRun: pipelines.start,
    runOf: pipelines.get,
    rollouts,
  });
  const reports = createReports({
    ...base,
    sources: reportSources({ storedTables, projects, datasets, tracking, registry, pipelines, serving, monitoring }),
  });

  const garbage = createGarbage({
    database: databaseUrl(config),
    blobs,
    folder: folder(),
    logs: folder('serving', 'predictions'),
    forget: projects.blobs.forget,
  });

  // A process that waits for steps is worth its memory once there are pipelines.
  events.listen(({ type }) => {
    if (type === 'manifest.applied') executor.warm();
  });
  wireNews({ events, projects, webhooks, serving, triggers, windows, alerts, rollouts, retrainings });

  return {
    approvals,
    whoMay,
    projects,
    datasets,
    tracking,
    registry,
    pipelines,
    triggers,
    reproductions,
    serving,
    rollouts,
    monitoring,
    windows,
    notifications,
    webhooks,
    alerts,
    retrainings,
    reports,
    garbage,
    /** Goes on where the last server stopped. */
    start: async (): Promise<void> => {
      await projects.ensureDefault();
      await tracking.experiments.ensureDefault();
      await tracking.artifacts.uploads.start();
      events.start();
      await datasets.start();
      await Promise.all([serving.start(), pipelines.recover()]);
      void windows.start();
      await notifications.start();
      await webhooks.start();
      await alerts.start();
      await rollouts.recover();
      await triggers.start();
      await retrainings.start();
      if (await hasManifest(projects)) executor.warm();
    },
    /** What the server starts finds it there. */
    announce: listening.resolve as (address: string) => void,
    /** Once all that news, traffic or the clock set going has come to rest; pipeline runs may be under way. */
    settled: async (): Promise<void> => {
      const working = [serving, windows, alerts, notifications, webhooks, rollouts, triggers, retrainings];
      for (let [before, now] = [-1, 0]; before !== now; [before, now] = [now, await events.settled()]) {
        await serving.tellTraffic();
        await events.settled();
        for (const { settled } of working) await settled();
      }
    },
    close: async (): Promise<void> => {
      listening.resolve(undefined);
      await retrainings.close();
      await alerts.close();
      await notifications.close();
      await webhooks.close();
      await windows.close();
      await rollouts.close();
      await triggers.close();
      await Promise.all([pipelines.close(), serving.close(), datasets.close()]);
    },
  };
};
const hasManifest = async ({ all, manifests }: Pick<Projects, 'all' | 'manifests'>): Promise<boolean> => {
  for (const project of await all()) if (await manifests.inForce(project)) return true;
  return false;
};

export type Modules = Awaited<ReturnType<typeof createModules>>;
