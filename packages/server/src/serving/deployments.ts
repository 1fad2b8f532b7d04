import { AppError, type DeclaredEndpoint, type Deployment, type ModelVersion, type TreeDigest } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import { type Clock, type Db, type Events, type Log, newId, once } from '../platform/index.ts';
import { type EndpointRecord, endpointStore } from './endpoint-store.ts';
import type { ServedEndpoint, ServedEndpoints } from './served-endpoints.ts';
import type { ServedModel } from './served-model.ts';
import { warmUp } from './warm-up.ts';

export interface DeployRequest {
  readonly endpoint: string;
  /** `model@alias` or `model/number`; what the manifest declares where nothing is said. */
  readonly model?: string | undefined;
  readonly environment?: string | undefined;
  readonly log?: Deployment['log'] | undefined;
  readonly correlationId?: string | undefined;
  readonly key?: string | undefined;
}
export interface DeploymentParts {
  db: Db;
  events: Events;
  clock: Clock;
  log: Log;
  /** `model@alias` or `model/number`. */
  resolveModel(project: ProjectRef, reference: string): Promise<ModelVersion>;
  /** What the manifest in force says of an endpoint. */
  declaredEndpoint(project: ProjectRef, name: string): Promise<DeclaredEndpoint | undefined>;
  serveModel(digest: TreeDigest): Promise<ServedModel>;
  endpoints: ServedEndpoints;
  warmUpMs: number;
  /** How long a caller of `deploy` waits for the outcome before it is told `starting`. */
  patienceMs: number;
}

/** Deployments from `starting` to `ready` or `failed`, and to `retired` when another one takes over. */
export const createDeployments = (parts: DeploymentParts) => {
  const { db, events, clock, log, endpoints } = parts;
  const underWay = new Set<Promise<unknown>>();
  const track = <T>(work: Promise<T>): Promise<T> => {
    const tracked = work.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
    return tracked;
  };

  const insert = (
    actor: Actor,
    request: DeployRequest,
    chosen: Chosen,
  ): Promise<{ deployment: Deployment; endpoint: EndpointRecord; isNew: boolean }> =>
    db.write(async (tx) => {
      const store = endpointStore(tx);
      const { project } = actor;
      const createdAt = clock.now().toISOString();
      await store.insert({ id: newId(), project, name: request.endpoint, environment: chosen.environment ?? 'production', createdAt });
      const endpoint = (await store.lock(project.id, request.endpoint))!;
      if (chosen.environment !== undefined && chosen.environment !== endpoint.environment)
        throw otherEnvironment(endpoint, chosen.environment);
      let isNew = false;
      const { key, ...asked } = request;
      const deployment = await once(tx, { projectId: project.id, route: 'endpoints.deploy', key, asked }, clock, async () => {
        isNew = true;
        const { model, version } = chosen;
        const fresh: Deployment = {
          id: newId(),
          project: project.name,
          endpoint: endpoint.name,
          number: (await store.lastNumber(endpoint.id)) + 1,
          variants: [{ name: 'main', share: 1, model, version, modelVersionId: chosen.modelVersionId, digest: chosen.digest }],
          reference: chosen.reference,
          log: chosen.log ?? 'written',
          status: 'starting',
          message: null,
          createdAt,
          createdBy: actor.id,
          correlationId: request.correlationId ?? newId(),
        };
        await store.insertDeployment(endpoint, fresh);
        const { number } = fresh;
        await events.record(tx, {
          ...about(project, fresh),
          type: 'deployment.created',
          data: { endpoint: endpoint.name, number, model, version },
        });
        return fresh;
      });
      return { deployment, endpoint, isNew };
    });

  const bringUp = async (served: ServedEndpoint, deployment: Deployment): Promise<Deployment> => {
    const started = performance.now();
    let model: ServedModel | undefined;
    try {
      model = await parts.serveModel(deployment.variants[0]!.digest as TreeDigest);
      await warmUp(model, parts.warmUpMs);
    } catch (error) {
      void model?.close();
      return fail(served, deployment, error);
    }
    return takeOver(served, { deployment, model, warmUpMs: Math.round(performance.now() - started) });
  };

  const fail = async (served: ServedEndpoint, deployment: Deployment, error: unknown): Promise<Deployment> => {
    log.error('a deployment failed', { endpoint: served.name, deployment: deployment.number, error });
    const { model, version } = deployment.variants[0]!;
    const message = `Version ${version} of ${model} cannot be served: ${error instanceof AppError ? error.message : 'loading it went wrong, see the log of the server'}.`;
    const failed: Deployment = { ...deployment, status: 'failed', message };
    await db.write(async (tx) => {
      await endpointStore(tx).setStatus(deployment.id, failed);
      await events.record(tx, {
        ...about(served.project, deployment),
        type: 'deployment.failed',
        data: { endpoint: served.name, number: deployment.number, message },
      });
    });
    if (served.state.kind !== 'ready') served.state = { kind: 'failed', deployment: failed };
    return failed;
  };

  const takeOver = async (served: ServedEndpoint, { deployment, model, warmUpMs }: Warm): Promise<Deployment> => {
    const [variant] = deployment.variants;
    const settled = await db.write(async (tx): Promise<Deployment> => {
      const store = endpointStore(tx);
      const endpoint = (await store.lock(served.project.id, served.name))!;
      const former = endpoint.deploymentId === null ? undefined : await store.findDeployment(served.project.id, endpoint.deploymentId);
      if (former && former.number > deployment.number) {
        const late: Deployment = { ...deployment, status: 'retired', message: `Deployment ${former.number} was ready first` };
        await store.setStatus(deployment.id, late);
        return late;
      }
      if (former && former.id !== deployment.id) await store.setStatus(former.id, { status: 'retired', message: former.message });
      if (deployment.status !== 'ready') {
        await store.setStatus(deployment.id, { status: 'ready', message: null });
        await store.pointTo(endpoint.id, deployment.id);
        const { number } = deployment;
        await events.record(tx, {
          ...about(served.project, deployment),
          type: 'deployment.ready',
          data: { endpoint: served.name, number, model: variant!.model, version: variant!.version, warmUpMs },
        });
      }
      return { ...deployment, status: 'ready', message: null };
    });
    const former = served.state.kind === 'ready' ? served.state.model : undefined;
    if (settled.status === 'ready') served.state = { kind: 'ready', deployment: settled, model };
    // What it was asked before is still answered by it.
    void track((settled.status === 'ready' ? former?.close() : model.close()) ?? Promise.resolve());
    return settled;
  };

  const choose = async ({ project }: Actor, request: DeployRequest): Promise<Chosen> => {
    const declared = await parts.declaredEndpoint(project, request.endpoint);
    const reference = request.model ?? declared?.model;
    if (reference === undefined) throw noModelSaid(request.endpoint);
    const { id, model, number, digest } = await parts.resolveModel(project, reference);
    return {
      reference,
      model,
      version: number,
      modelVersionId: id,
      digest,
      environment: request.environment ?? declared?.environment,
      log: request.log ?? declared?.log,
    };
  };

  return {
    /** Answers with the outcome, or with `starting` if that takes long. Until it is ready the former deployment goes on answering. */
    deploy: async (actor: Actor, request: DeployRequest): Promise<Deployment> => {
      const { deployment, endpoint, isNew } = await insert(actor, request, await choose(actor, request));
      if (!isNew) return (await endpointStore(db.read).findDeployment(actor.project.id, deployment.id))!;
      const outcome = track(bringUp(endpoints.ensure(endpoint), deployment));
      return within(parts.patienceMs, outcome, deployment);
    },
    /** Knows all endpoints when it answers; what answered at each of them, and what was on its way, is then loaded and warmed again. */
    start: async (): Promise<void> => {
      const store = endpointStore(db.read);
      for (const endpoint of await store.all()) {
        const served = endpoints.ensure(endpoint);
        const toBringUp = await store.toBringUp(endpoint.id, endpoint.deploymentId);
        const inTurn = async (): Promise<void> => {
          for (const deployment of toBringUp) await bringUp(served, deployment);
        };
        if (toBringUp.length > 0)
          void track(inTurn()).catch((error: unknown) => log.error('an endpoint could not be loaded', { endpoint: endpoint.name, error }));
        else {
          const [last] = await store.pageOfDeployments(endpoint.id, undefined, 1);
          if (last) served.state = { kind: 'failed', deployment: last };
        }
      }
    },
    /** Once nothing is on its way any more. */
    settled: async (): Promise<void> => {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
};
export type Deployments = ReturnType<typeof createDeployments>;

interface Chosen {
  readonly reference: string;
  readonly model: string;
  readonly version: number;
  readonly modelVersionId: string;
  readonly digest: string;
  readonly environment: string | undefined;
  readonly log: Deployment['log'] | undefined;
}
interface Warm {
  readonly deployment: Deployment;
  readonly model: ServedModel;
  readonly warmUpMs: number;
}

const about = (project: ProjectRef, { id, createdBy, correlationId }: Deployment) => ({
  project,
  subject: { type: 'deployment', id },
  actor: createdBy,
  correlationId,
});

const within = async <T>(ms: number, outcome: Promise<T>, otherwise: T): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(resolve, ms, otherwise);
  });
  try {
    return await Promise.race([outcome, late]);
  } finally {
    clearTimeout(timer);
  }
};

const noModelSaid = (endpoint: string): AppError =>
  new AppError(
    'failed_precondition',
    `The manifest declares no endpoint ${endpoint}: say which model to deploy, as name@alias or name/number`,
    {
      reason: 'endpoint_not_declared',
    },
  );
const otherEnvironment = ({ name, environment }: EndpointRecord, asked: string): AppError =>
  new AppError('conflict', `Endpoint ${name} belongs to environment ${environment}, not ${asked}: deploy there under another name`, {
    reason: 'other_environment',
    details: { environment },
  });
