import { AppError, type DeclaredEndpoint, type Deployment, type ModelVersion, type TreeDigest } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import { type Clock, newId, once } from '../platform/index.ts';
import { about, type BringUpParts, createBringUp, digestOf } from './bring-up.ts';
import { type EndpointRecord, endpointStore } from './endpoint-store.ts';
import type { ServedEndpoint, ServedEndpoints } from './served-endpoints.ts';

export interface DeployRequest {
  readonly endpoint: string;
  /** `model@alias` or `model/number`; what the manifest declares where nothing is said. */
  readonly model?: string | undefined;
  readonly environment?: string | undefined;
  readonly log?: Deployment['log'] | undefined;
  readonly correlationId?: string | undefined;
  readonly key?: string | undefined;
}
export interface DeploymentParts extends BringUpParts {
  clock: Clock;
  /** `model@alias` or `model/number`. */
  resolveModel(project: ProjectRef, reference: string): Promise<ModelVersion>;
  /** What the manifest in force says of an endpoint. */
  declaredEndpoint(project: ProjectRef, name: string): Promise<DeclaredEndpoint | undefined>;
  /** Before any is loaded, at start. */
  keepPackages(digests: readonly TreeDigest[]): Promise<void>;
  endpoints: ServedEndpoints;
  /** How long a caller of `deploy` waits for the outcome before it is told `starting`. */
  patienceMs: number;
}

/** Deployments from `starting` to `ready` or `failed`, and to `retired` when another one takes over. */
export const createDeployments = (parts: DeploymentParts) => {
  const { db, events, clock, log, endpoints } = parts;
  const { bringUp, allLeft } = createBringUp(parts);
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

  const bringUpInTurn = async (served: ServedEndpoint, deployments: readonly Deployment[]): Promise<void> => {
    for (const deployment of deployments) await bringUp(served, deployment);
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
      const known = await Promise.all(
        (await store.all()).map(async (endpoint) => ({
          served: endpoints.ensure(endpoint),
          toBringUp: await store.toBringUp(endpoint.id, endpoint.deploymentId),
          last: (await store.deployments(endpoint.id, { limit: 1 })).items[0],
        })),
      );
      await parts.keepPackages(known.flatMap(({ toBringUp }) => toBringUp.map(digestOf)));
      for (const { served, toBringUp, last } of known) {
        if (toBringUp.length > 0) {
          void track(bringUpInTurn(served, toBringUp)).catch((error: unknown) =>
            log.error('an endpoint could not be loaded', { endpoint: served.name, error }),
          );
        } else if (last) served.state = { kind: 'failed', deployment: last };
      }
    },
    /** Once nothing is on its way any more. */
    settled: async (): Promise<void> => {
      while (underWay.size > 0) await Promise.allSettled(underWay);
      await allLeft();
    },
  };
};

interface Chosen {
  readonly reference: string;
  readonly model: string;
  readonly version: number;
  readonly modelVersionId: string;
  readonly digest: string;
  readonly environment: string | undefined;
  readonly log: Deployment['log'] | undefined;
}

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
