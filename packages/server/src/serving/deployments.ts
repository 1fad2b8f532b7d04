import {
  AppError,
  type AskedVariant,
  type DeclaredEndpoint,
  type Deployment,
  invalid,
  type ModelVersion,
  parseModelReference,
  requireFiles,
  type StoredVersion,
  type TreeDigest,
  type Variant,
} from '@boucle/contract';
import { type Actor, type ProjectRef, requirePermission } from '../governance/index.ts';
import { type Clock, newId, once } from '../platform/index.ts';
import { about, type BringUpParts, createBringUp, newsOf } from './bring-up.ts';
import { type EndpointRecord, endpointStore } from './endpoint-store.ts';
import { createReroute, moved } from './reroute.ts';
import type { ServedEndpoint, ServedEndpoints } from './served-endpoints.ts';
import { checkColumns, checkVariants } from './variants.ts';

export interface DeployRequest {
  readonly endpoint: string;
  /** `model@alias` or `model/number`; what the manifest declares where nothing is said. */
  readonly model?: string | undefined;
  /** Several models at once, instead of the one. */
  readonly variants?: readonly AskedVariant[] | undefined;
  readonly environment?: string | undefined;
  readonly log?: Deployment['log'] | undefined;
  readonly correlationId?: string | undefined;
  readonly key?: string | undefined;
  /** What assigns units to variants; the endpoint's own where nothing is said, so that units stay where they were. */
  readonly salt?: string | undefined;
  readonly rolloutId?: string | undefined;
  /** What the caller decided upon; if something else answers by now, nothing is deployed. */
  readonly expectDeploymentId?: string | undefined;
}
export interface DeploymentParts extends BringUpParts {
  clock: Clock;
  /** `model@alias` or `model/number`. */
  resolveModel(project: ProjectRef, reference: string): Promise<ModelVersion>;
  /** The version of a model with the highest number. */
  newestVersion(project: ProjectRef, model: string): Promise<ModelVersion | undefined>;
  /** Joins the write that it is called in. */
  pointAlias(actor: Actor, to: { model: string; alias: string; number: number }, correlationId: string): Promise<unknown>;
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
  const { bringUp, switchTo, allLeft } = createBringUp(parts);
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
        if (request.expectDeploymentId !== undefined && endpoint.deploymentId !== request.expectDeploymentId) throw moved(endpoint);
        const fresh: Deployment = {
          id: newId(),
          project: project.name,
          endpoint: endpoint.name,
          number: (await store.lastNumber(endpoint.id)) + 1,
          variants: chosen.variants,
          reference: chosen.reference,
          salt: request.salt ?? endpoint.id,
          rolloutId: request.rolloutId ?? null,
          log: chosen.log ?? 'written',
          status: 'starting',
          message: null,
          createdAt,
          createdBy: actor.id,
          correlationId: request.correlationId ?? newId(),
        };
        if (chosen.first) {
          const { refusal, ...to } = chosen.first;
          if (endpoint.deploymentId !== null) throw refusal;
          await parts.pointAlias(actor, to, fresh.correlationId);
        }
        await store.insertDeployment(endpoint, fresh);
        await events.record(tx, {
          ...about(project, fresh),
          type: 'deployment.created',
          data: { endpoint: endpoint.name, number: fresh.number, ...newsOf(fresh) },
        });
        return fresh;
      });
      return { deployment, endpoint, isNew };
    });

  const bringUpInTurn = async (served: ServedEndpoint, deployments: readonly Deployment[]): Promise<void> => {
    for (const deployment of deployments) await bringUp(served, deployment);
  };

  const choose = async (actor: Actor, request: DeployRequest): Promise<Chosen> => {
    const { project } = actor;
    const declared = await parts.declaredEndpoint(project, request.endpoint);
    const asked = askedVariants(request, declared);
    const isDeclared = request.model === undefined && request.variants === undefined;
    const resolved = await Promise.all(
      asked.map(async ({ model }): Promise<{ version: ModelVersion; first?: First }> => {
        try {
          return { version: await parts.resolveModel(project, model) };
        } catch (error) {
          const first = isDeclared ? await firstOf(actor, model, error) : undefined;
          if (first) return first;
          throw error;
        }
      }),
    );
    const versions = resolved.map(({ version }) => requireFiles(version));
    checkColumns(versions);
    return {
      reference: asked.map(({ model }) => model).join(', '),
      variants: asked.map((variant, i) => variantOf(variant, versions[i]!)),
      environment: request.environment ?? declared?.environment,
      log: request.log ?? declared?.log,
      first: resolved[0]?.first,
    };
  };
  /** The manifest names an alias before there is a version that it could point at: the endpoint's first deployment points it. */
  const firstOf = async (
    actor: Actor,
    reference: string,
    refusal: unknown,
  ): Promise<{ version: ModelVersion; first: First } | undefined> => {
    const named = parseModelReference(reference);
    if (!(refusal instanceof AppError) || refusal.reason !== 'unknown_alias' || !named || !('alias' in named)) return undefined;
    const version = await parts.newestVersion(actor.project, named.model);
    if (!version) return undefined;
    requirePermission(actor, 'models:promote');
    return { version, first: { ...named, number: version.number, refusal } };
  };

  /** At once where all is loaded, as it is unless the server has just started. */
  const apply = (endpoint: EndpointRecord, deployment: Deployment): void => {
    const served = endpoints.ensure(endpoint);
    const leases = served.state.kind === 'ready' ? served.state.routing.share(deployment.variants.map(({ digest }) => digest)) : undefined;
    if (leases) return switchTo(served, deployment, leases);
    void track(bringUp(served, deployment)).catch((error: unknown) =>
      log.error('an endpoint could not be loaded', { endpoint: served.name, error }),
    );
  };

  return {
    /** Answers with the outcome, or with `starting` if that takes long. Until it is ready the former deployment goes on answering. */
    deploy: async (actor: Actor, request: DeployRequest): Promise<Deployment> => {
      const { deployment, endpoint, isNew } = await insert(actor, request, await choose(actor, request));
      if (!isNew) return (await endpointStore(db.read).findDeployment(actor.project.id, deployment.id))!;
      const outcome = track(bringUp(endpoints.ensure(endpoint), deployment));
      return within(parts.patienceMs, outcome, deployment);
    },
    reroute: createReroute({ db, events, clock, apply }),
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
      await parts.keepPackages(known.flatMap(({ toBringUp }) => toBringUp.flatMap(digestsOf)));
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
  readonly variants: Variant[];
  readonly environment: string | undefined;
  readonly log: Deployment['log'] | undefined;
  readonly first: First | undefined;
}
/** An alias that does not exist yet, and why it may not be made where something is deployed already. */
interface First {
  readonly model: string;
  readonly alias: string;
  readonly number: number;
  readonly refusal: AppError;
}

const askedVariants = ({ endpoint, model, variants }: DeployRequest, declared: DeclaredEndpoint | undefined): readonly AskedVariant[] => {
  if (variants) {
    if (model !== undefined) throw invalid('Say model or variants, not both: a variant names its own model', 'model_and_variants');
    checkVariants(variants.map(({ mode = 'live', ...rest }) => ({ mode, ...rest })));
    return variants;
  }
  const reference = model ?? declared?.model;
  if (reference === undefined) throw noModelSaid(endpoint);
  return [{ name: 'main', share: 1, model: reference }];
};
const variantOf = ({ name, mode = 'live', share }: AskedVariant, { id, model, number, digest }: StoredVersion): Variant => ({
  name,
  mode,
  share,
  model,
  version: number,
  modelVersionId: id,
  digest,
});
const digestsOf = ({ variants }: Deployment): TreeDigest[] => variants.map(({ digest }) => digest as TreeDigest);

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
