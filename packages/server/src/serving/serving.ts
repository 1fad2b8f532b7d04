import path from 'node:path';
import {
  type BlobDigest,
  type Deployment,
  type Endpoint,
  type Explanation,
  notFound,
  type Paging,
  type Prediction,
  requireFiles,
} from '@boucle/contract';
import { readPackageKind } from '@boucle/models';
import type { Actor, ProjectRef } from '../governance/index.ts';
import { createOutbound, type Outbound } from '../platform/outbound/index.ts';
import type { Position, RecordLogOptions } from '../platform/segments/index.ts';
import { createDeployments, type DeploymentParts } from './deployments.ts';
import { createExplanations, type Explaining, type ExplanationLimits } from './explanations.ts';
import { type EndpointRecord, endpointStore, presentEndpoint } from './endpoint-store.ts';
import type { OpenHost } from './inference-host.ts';
import { type Traffic, windowMs } from './latency-window.ts';
import { notExplainable } from './not-explainable.ts';
import { createOpenHost } from './open-model-host.ts';
import { createPythonEnvironments } from './python/environments.ts';
import { createModelPool } from './model-pool.ts';
import { createPackageCache, type PackageSource } from './package-cache.ts';
import { createPredictionLog, type NewestQuery, type TailItem } from './prediction-log.ts';
import { isFault } from './prediction-record.ts';
import { createPredictions, type PredictionLimits } from './predictions.ts';
import { createRecorder } from './recorder.ts';
import { recentTraffic } from './recent-traffic.ts';
import { mainVariant } from './routing.ts';
import { createServedEndpoints, type ServedEndpoint } from './served-endpoints.ts';
import { serveModel } from './served-model.ts';
import { createShadows, type ShadowLimits } from './shadows.ts';
import { createTrafficNews } from './traffic-news.ts';
import type { QueueLimits } from './row-queue.ts';
import { type EndpointTraffic, trafficOf } from './variant-traffic.ts';
import { warmUp } from './warm-up.ts';

export interface ServingLimits extends PredictionLimits, QueueLimits, ShadowLimits, ExplanationLimits {
  /** Inputs of a row that are larger stand in the log as the digest of a blob. */
  readonly inlineBytes: number;
}
const defaultLimits: ServingLimits = {
  requestRows: 10_000,
  deadlineMs: 60_000,
  inlineBytes: 65_536,
  waitingRows: 20_000,
  waitingBytes: 256 * 1024 * 1024,
  batchRows: 1024,
  waitingShadows: 1000,
  waitingShadowBytes: 64 * 1024 * 1024,
  explainedRows: 20,
  explainedLength: 20_000,
  waitingExplanations: 16,
  explanationMs: 120_000,
  idleMs: 60_000,
};

export interface ServingParts extends Omit<DeploymentParts, 'models' | 'keepPackages' | 'endpoints' | 'patienceMs'> {
  blobs: PackageSource;
  /** Stores an input that is too large for the log, for the project to read. */
  keepBlob: (project: ProjectRef, text: string) => Promise<BlobDigest>;
  /** Logs of predictions, and copies of packages that can be made again, lie below it. */
  folder: string;
  limits?: Partial<ServingLimits>;
  /** How models are opened; only tests say. */
  openHost?: OpenHost;
  /** What runs models that bring programs of their own; such models are refused without it. */
  programs?: { readonly python: string } | undefined;
  /** How models are reached that run elsewhere; only public addresses where nothing is said. */
  outbound?: Outbound;
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
  const { db, events, clock, log, folder, patienceMs = 15_000, programs } = parts;
  const limits = { ...defaultLimits, ...parts.limits };
  const endpoints = createServedEndpoints();
  const news = createTrafficNews({ db, events, clock, log });
  const predictionLog = createPredictionLog(path.join(folder, 'predictions'), { clock, ...parts.logOptions }, news.lose);
  const packages = createPackageCache(path.join(folder, 'cache', 'packages'), parts.blobs);
  const environments = programs && createPythonEnvironments({ folder: path.join(folder, 'environments'), python: programs.python, log });
  const { outbound = createOutbound(), openHost = createOpenHost({ environments, outbound }) } = parts;
  const models = createModelPool(async (digest) => {
    const model = await serveModel({
      open: async () => openHost(await packages.folderOf(digest)),
      limits: { ...limits, callMs: limits.deadlineMs },
      log,
    });
    try {
      await warmUp(model, limits.deadlineMs);
      return model;
    } catch (error) {
      await model.close();
      throw error;
    }
  });
  const explanations = createExplanations({
    open: async (digest) => {
      const folder = await packages.folderOf(digest);
      // No program is started to say that it cannot tell.
      if ((await readPackageKind(folder)).kind !== 'boucle') notExplainable();
      return openHost(folder);
    },
    limits,
  });
  const deployments = createDeployments({ ...parts, endpoints, models, keepPackages: packages.keepOnly, patienceMs });
  const { inlineBytes } = limits;
  const recorder = createRecorder({ clock, predictionLog, keepBlob: parts.keepBlob, inlineBytes, onCounted: news.count });
  const shadows = createShadows({ clock, recorder, limits });
  const predictions = createPredictions({ clock, recorder, shadows, limits });

  /** What the log holds of the last minutes before the start, so that a restart does not look like silence. */
  const recount = async ({ id, name, window, variants }: ServedEndpoint, started: number): Promise<void> => {
    try {
      for await (const { row, arrivalTime, latencyMs, outcome, variant, digest, shadowOf } of predictionLog.arrivedSince(
        id,
        started - windowMs,
      )) {
        const at = Date.parse(arrivalTime);
        if (row > 0 || at > started) continue;
        if (shadowOf === null) window.recall(at, latencyMs, isFault(outcome));
        if (variant === null || digest === null) continue;
        const mode = shadowOf === null ? 'live' : 'shadow';
        variants.of({ name: variant, mode, digest }).window.recall(at, latencyMs, isFault(outcome));
      }
    } catch (error) {
      log.error('a prediction log cannot be read', { endpoint: name, error });
    }
  };
  let recounted: Promise<unknown> = Promise.resolve();
  const settled = async (): Promise<void> => {
    await Promise.all([deployments.settled(), shadows.settled(), recounted]);
    await models.allLeft();
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
    reroute: deployments.reroute,
    list: async ({ project }: Actor, paging: Paging) => {
      const { items, nextCursor } = await endpointStore(db.read).list(project.id, paging);
      return { items: await Promise.all(items.map(present)), nextCursor };
    },
    get: async (actor: Actor, name: string): Promise<Endpoint> => present(await mustFind(actor, name)),
    deployments: async (actor: Actor, name: string, paging: Paging) =>
      endpointStore(db.read).deployments((await mustFind(actor, name)).id, paging),
    deployment: (project: ProjectRef, id: string): Promise<Deployment | undefined> => endpointStore(db.read).findDeployment(project.id, id),
    predict: predictions.predict,
    /** Why a registered version answers these rows as it does, deployed or not. */
    explain: async (project: ProjectRef, { model, number }: { model: string; number: number }, asked: Explaining): Promise<Explanation[]> =>
      explanations.explain(requireFiles(await parts.resolveModel(project, `${model}/${number}`)).digest, asked),
    /** The endpoint that a caller of the inference protocols names. */
    endpointCalled: endpoints.called,
    served: (): readonly ServedEndpoint[] => endpoints.list(),
    find: (project: ProjectRef, predictionId: string): Promise<Prediction | undefined> =>
      predictionLog.find(
        endpoints.list(project.id).map(({ id }) => id),
        predictionId,
      ),
    predictions: async (actor: Actor, { endpoint, ...query }: { endpoint: string } & NewestQuery): Promise<Prediction[]> =>
      predictionLog.newest((await mustFind(actor, endpoint)).id, query),
    /** Everything that was logged, shadows and failures included, in the order of the log, from a position that outlives the process. */
    tail: (endpointId: string, after: Position | null, limit: number): Promise<TailItem[]> => predictionLog.tail(endpointId, after, limit),
    /** The position behind all that was logged. */
    logEnd: (endpointId: string): Promise<Position | null> => predictionLog.end(endpointId),
    /** Told the id of an endpoint at which something was answered, at most once a second: a hint to look at its log. */
    onAnswered: news.listen,
    /** How each variant of an endpoint does, lately and since the start. */
    traffic: async (endpointId: string): Promise<EndpointTraffic> => {
      const served = endpoints.list().find(({ id }) => id === endpointId);
      if (!served) throw notFound('endpoint', endpointId);
      return trafficOf(served, clock.now().getTime());
    },
    /** How each endpoint of a project does, now and in the last five minutes. */
    facts: (project: ProjectRef): EndpointFacts[] =>
      endpoints.list(project.id).map(({ name, state, window }) => ({
        endpoint: name,
        status: state.kind,
        version: state.kind === 'starting' ? null : mainVariant(state.deployment).version,
        ...window.traffic(clock.now().getTime()),
      })),
    /** The last five minutes at each endpoint of a project, or at the one of a name. */
    recentTraffic: (project: ProjectRef, endpoint?: string) =>
      endpoints
        .list(project.id)
        .filter(({ name }) => endpoint === undefined || name === endpoint)
        .map((served) => recentTraffic(served, clock.now().getTime())),
    lostPredictions: predictionLog.lost,
    /** Knows all endpoints when it answers; their models are loaded, and their logs are looked through, meanwhile. */
    start: async (): Promise<void> => {
      await environments?.tidy();
      await deployments.start();
      const started = clock.now().getTime();
      recounted = Promise.all(endpoints.list().map((served) => recount(served, started)));
    },
    /** Once nothing is on its way any more. */
    settled,
    tellTraffic: news.flush,
    close: async (): Promise<void> => {
      await shadows.close();
      await explanations.close();
      await settled();
      await Promise.all(endpoints.list().flatMap(({ state }) => (state.kind === 'ready' ? [state.routing.retire()] : [])));
      await models.allLeft();
      await news.flush();
      await predictionLog.close();
    },
  };
};
export type Serving = ReturnType<typeof createServing>;
