import path from 'node:path';
import { type BlobDigest, type Deployment, type Endpoint, notFound, type Paging, type Prediction } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import type { RecordLogOptions } from '../platform/segments/index.ts';
import { createDeployments, type DeploymentParts } from './deployments.ts';
import { type EndpointRecord, endpointStore, presentEndpoint } from './endpoint-store.ts';
import type { OpenHost } from './inference-host.ts';
import { type Traffic, windowMs } from './latency-window.ts';
import { createPackageCache, type PackageSource } from './package-cache.ts';
import { createPredictionLog } from './prediction-log.ts';
import { isFault } from './prediction-record.ts';
import { createPredictions, type PredictionLimits } from './predictions.ts';
import { createServedEndpoints, type ServedEndpoint } from './served-endpoints.ts';
import { serveModel } from './served-model.ts';
import { openThreadHost } from './thread-host.ts';
import { createTrafficNews } from './traffic-news.ts';
import type { QueueLimits } from './row-queue.ts';

export type ServingLimits = PredictionLimits & QueueLimits;
const defaultLimits: ServingLimits = {
  requestRows: 10_000,
  deadlineMs: 60_000,
  inlineBytes: 65_536,
  waitingRows: 20_000,
  waitingBytes: 256 * 1024 * 1024,
  batchRows: 1024,
};

export interface ServingParts extends Pick<DeploymentParts, 'db' | 'events' | 'clock' | 'log' | 'resolveModel' | 'declaredEndpoint'> {
  blobs: PackageSource;
  /** Stores an input that is too large for the log, for the project to read. */
  keepBlob: (project: ProjectRef, text: string) => Promise<BlobDigest>;
  /** Logs of predictions, and copies of packages that can be made again, lie below it. */
  folder: string;
  limits?: Partial<ServingLimits>;
  openHost?: OpenHost;
  patienceMs?: number;
  logOptions?: Omit<RecordLogOptions, 'onLost'>;
}
export interface EndpointFacts extends Traffic {
  readonly endpoint: string;
  readonly status: ServedEndpoint['state']['kind'];
  /** The model version that answers, or failed to. */
  readonly version: number | null;
}

/** Endpoints, what is deployed at them, what they answered. */
export const createServing = (parts: ServingParts) => {
  const { db, events, clock, log, folder, patienceMs = 15_000, openHost = openThreadHost } = parts;
  const limits = { ...defaultLimits, ...parts.limits };
  const endpoints = createServedEndpoints();
  const news = createTrafficNews({ db, events, clock, log });
  const predictionLog = createPredictionLog(path.join(folder, 'predictions'), { clock, ...parts.logOptions }, news.lose);
  const packages = createPackageCache(path.join(folder, 'cache', 'packages'), parts.blobs);
  const deployments = createDeployments({
    ...parts,
    endpoints,
    serveModel: (digest) =>
      serveModel({ open: async () => openHost(await packages.folderOf(digest)), limits: { ...limits, callMs: limits.deadlineMs }, log }),
    keepPackages: packages.keepOnly,
    warmUpMs: limits.deadlineMs,
    patienceMs,
  });
  const predictions = createPredictions({ ...parts, predictionLog, limits, onCounted: news.count });

  /** What the log holds of the last minutes before the start, so that a restart does not look like silence. */
  const recount = async ({ id, name, window }: ServedEndpoint, started: number): Promise<void> => {
    try {
      for await (const { row, arrivalTime, latencyMs, outcome } of predictionLog.between(id, started - windowMs, started)) {
        if (row === 0) window.add(Date.parse(arrivalTime), latencyMs, isFault(outcome));
      }
    } catch (error) {
      log.error('a prediction log cannot be read', { endpoint: name, error });
    }
  };
  let recounted: Promise<unknown> = Promise.resolve();
  const settled = async (): Promise<void> => {
    await Promise.all([deployments.settled(), recounted]);
  };
  const mustFind = async ({ project }: Actor, name: string) => {
    const endpoint = await endpointStore(db.read).find(project.id, name);
    if (!endpoint) throw notFound('endpoint', name);
    return endpoint;
  };
  const present = async (endpoint: EndpointRecord): Promise<Endpoint> => {
    const { project, deploymentId } = endpoint;
    return presentEndpoint(
      endpoint,
      deploymentId === null ? undefined : await endpointStore(db.read).findDeployment(project.id, deploymentId),
    );
  };

  return {
    deploy: deployments.deploy,
    list: async ({ project }: Actor, paging: Paging) => {
      const { items, nextCursor } = await endpointStore(db.read).list(project.id, paging);
      return { items: await Promise.all(items.map(present)), nextCursor };
    },
    get: async (actor: Actor, name: string): Promise<Endpoint> => present(await mustFind(actor, name)),
    deployments: async (actor: Actor, name: string, paging: Paging) =>
      endpointStore(db.read).deployments((await mustFind(actor, name)).id, paging),
    deployment: (project: ProjectRef, id: string): Promise<Deployment | undefined> => endpointStore(db.read).findDeployment(project.id, id),
    predict: predictions.predict,
    /** The endpoint that a caller of the inference protocols names. */
    endpointCalled: endpoints.called,
    served: (): readonly ServedEndpoint[] => endpoints.list(),
    find: (project: ProjectRef, predictionId: string): Promise<Prediction | undefined> =>
      predictionLog.find(
        endpoints.list(project.id).map(({ id }) => id),
        predictionId,
      ),
    predictions: async (
      actor: Actor,
      { endpoint, limit, before }: { endpoint: string; limit: number; before?: string },
    ): Promise<Prediction[]> => predictionLog.newest((await mustFind(actor, endpoint)).id, limit, before),
    /** How each endpoint of a project does, now and in the last five minutes. */
    facts: (project: ProjectRef): EndpointFacts[] =>
      endpoints.list(project.id).map(({ name, state, window }) => ({
        endpoint: name,
        status: state.kind,
        version: state.kind === 'starting' ? null : state.deployment.variants[0]!.version,
        ...window.traffic(clock.now().getTime()),
      })),
    lostPredictions: predictionLog.lost,
    /** Knows all endpoints when it answers; their models are loaded, and their logs are looked through, meanwhile. */
    start: async (): Promise<void> => {
      await deployments.start();
      const started = Date.now();
      recounted = Promise.all(endpoints.list().map((served) => recount(served, started)));
    },
    /** Once nothing is on its way any more. */
    settled,
    tellTraffic: news.flush,
    close: async (): Promise<void> => {
      await settled();
      await Promise.all(endpoints.list().flatMap(({ state }) => (state.kind === 'ready' ? [state.model.close()] : [])));
      await news.flush();
      await predictionLog.close();
    },
  };
};
export type Serving = ReturnType<typeof createServing>;
