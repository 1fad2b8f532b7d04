import { AppError, type Deployment, notFound, type Variant } from '@boucle/contract';
import type { Actor } from '../governance/index.ts';
import { type Clock, type Db, type Events, newId } from '../platform/index.ts';
import { about, newsOf } from './bring-up.ts';
import { type EndpointRecord, endpointStore } from './endpoint-store.ts';
import { checkVariants } from './variants.ts';

export interface RerouteRequest {
  readonly actor: Actor;
  readonly endpoint: string;
  /** What the caller decided upon; if something else answers by now, nothing is done. */
  readonly expectDeploymentId: string;
  readonly variants: readonly Pick<Variant, 'name' | 'mode' | 'share' | 'modelVersionId'>[];
  readonly salt: string;
  readonly rolloutId: string | null;
  readonly correlationId: string;
}
interface Parts {
  db: Db;
  events: Events;
  clock: Clock;
  /** Lets requests go by it. Nothing of it needs to be loaded. */
  apply(this: void, endpoint: EndpointRecord, deployment: Deployment): void;
}

/**
 * Other shares for models that are loaded already: one write, which joins the caller's, and requests go by it as soon as that
 * is durable. A crash in between loses nothing, for the next start asks the database what answers.
 */
export const createReroute =
  ({ db, events, clock, apply }: Parts) =>
  (request: RerouteRequest): Promise<Deployment> =>
    db.write(async (tx) => {
      const { actor, salt, rolloutId, correlationId } = request;
      const { project } = actor;
      const store = endpointStore(tx);
      const endpoint = await store.lock(project.id, request.endpoint);
      if (!endpoint) throw notFound('endpoint', request.endpoint);
      if (endpoint.deploymentId !== request.expectDeploymentId) throw moved(endpoint);
      const former = (await store.findDeployment(project.id, endpoint.deploymentId))!;
      checkVariants(request.variants);
      const fresh: Deployment = {
        id: newId(),
        project: project.name,
        endpoint: endpoint.name,
        number: (await store.lastNumber(endpoint.id)) + 1,
        variants: request.variants.map((variant) => loadedVariant(former, variant)),
        salt,
        rolloutId,
        reference: former.reference,
        log: former.log,
        status: 'ready',
        message: null,
        createdAt: clock.now().toISOString(),
        createdBy: actor.id,
        correlationId,
      };
      await store.insertDeployment(endpoint, fresh);
      await store.pointTo(endpoint.id, fresh.id);
      await store.setStatus(former.id, { status: 'retired', message: former.message });
      const data = { endpoint: endpoint.name, number: fresh.number, ...newsOf(fresh) };
      await events.record(tx, { ...about(project, fresh), type: 'deployment.created', data });
      await events.record(tx, { ...about(project, fresh), type: 'deployment.ready', data: { ...data, warmUpMs: 0 } });
      db.afterCommit(() => apply(endpoint, fresh));
      return fresh;
    });

const loadedVariant = (
  { number, variants }: Deployment,
  { name, mode, share, modelVersionId }: RerouteRequest['variants'][number],
): Variant => {
  const loaded = variants.find((variant) => variant.modelVersionId === modelVersionId);
  if (loaded) return { ...loaded, name, mode, share };
  throw new AppError('failed_precondition', `No variant of deployment ${number} has the model of ${name}: deploy it first`, {
    reason: 'model_not_loaded',
    details: { modelVersionId },
  });
};

/** What was decided upon is not what answers. */
export const moved = ({ name }: EndpointRecord): AppError =>
  new AppError('conflict', `Another deployment answers at endpoint ${name} by now: look at it, and decide again`, {
    reason: 'deployment_moved',
  });
