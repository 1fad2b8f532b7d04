import { AppError, type Deployment, type TreeDigest, type Variant } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import type { Db, Events, Log } from '../platform/index.ts';
import { endpointStore } from './endpoint-store.ts';
import type { Lease, ModelPool } from './model-pool.ts';
import { createRouting, type Leases, mainVariant, type Routing } from './routing.ts';
import type { ServedEndpoint } from './served-endpoints.ts';
import { checkColumns } from './variants.ts';

export interface BringUpParts {
  db: Db;
  events: Events;
  log: Log;
  models: ModelPool;
}

/** Loads what is deployed, and lets it answer once all of it is warm; the former one goes on until then. */
export const createBringUp = ({ db, events, log, models }: BringUpParts) => {
  /** Tables on their way out; what was asked by them before is still answered by their models. */
  const leaving = new Set<Promise<void>>();
  const retire = (routing: Routing | undefined): void => {
    if (!routing) return;
    const left = routing.retire().finally(() => leaving.delete(left));
    leaving.add(left);
  };

  /** From here on requests go by it, unless they go by a later one already. */
  const switchTo = (served: ServedEndpoint, deployment: Deployment, leases: Leases): void => {
    const current = served.state.kind === 'ready' ? served.state.routing : undefined;
    const routing = createRouting(deployment, leases);
    if (current && current.deployment.number > deployment.number) return retire(routing);
    served.state = { kind: 'ready', deployment, routing };
    served.variants.keepOnly(deployment.variants);
    retire(current);
  };

  const bringUp = async (served: ServedEndpoint, deployment: Deployment): Promise<Deployment> => {
    const started = performance.now();
    const { leases, failures } = await takeAll(deployment);
    const [failure = unlike(deployment, leases)] = failures;
    // What answered before a restart goes on with the variants that are left; what never did has to be whole.
    const canAnswer =
      deployment.status !== 'starting' && deployment.variants.some((variant) => variant.mode === 'live' && isIn(leases, variant));
    if (failure && !canAnswer) {
      letGoOf(leases);
      return fail(served, deployment, failure);
    }
    if (failure) log.error('a variant is left out', { endpoint: served.name, deployment: deployment.number, error: failure });
    let settled: Deployment;
    try {
      const warmUpMs = Math.round(performance.now() - started);
      settled = await settle(served, deployment, { warmUpMs, message: failure?.message ?? null });
    } catch (error) {
      letGoOf(leases);
      throw error;
    }
    if (settled.status === 'ready') switchTo(served, settled, leases);
    else letGoOf(leases);
    return settled;
  };

  const takeAll = async ({ variants }: Deployment): Promise<{ leases: Leases; failures: AppError[] }> => {
    const leases = new Map<TreeDigest, Lease>();
    const failures: AppError[] = [];
    const asked = new Map(variants.map((variant) => [variant.digest as TreeDigest, variant]));
    await Promise.all(
      [...asked].map(async ([digest, variant]) => {
        try {
          leases.set(digest, await models.take(digest));
        } catch (error) {
          failures.push(notServed(variant, error));
        }
      }),
    );
    return { leases, failures };
  };

  const fail = async (served: ServedEndpoint, deployment: Deployment, error: AppError): Promise<Deployment> => {
    log.error('a deployment failed', { endpoint: served.name, deployment: deployment.number, error });
    const { message } = error;
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

  /** Whether it takes over is decided in one write: a later deployment may have been ready first. */
  const settle = (
    served: ServedEndpoint,
    deployment: Deployment,
    { warmUpMs, message }: { warmUpMs: number; message: string | null },
  ): Promise<Deployment> =>
    db.write(async (tx) => {
      const store = endpointStore(tx);
      const endpoint = (await store.lock(served.project.id, served.name))!;
      const former = endpoint.deploymentId === null ? undefined : await store.findDeployment(served.project.id, endpoint.deploymentId);
      if (former && former.number > deployment.number) {
        const late: Deployment = { ...deployment, status: 'retired', message: `Deployment ${former.number} was ready first` };
        // One that was ready is retired already.
        if (deployment.status === 'starting') await store.setStatus(deployment.id, late);
        return late;
      }
      if (deployment.status !== 'ready' || deployment.message !== message)
        await store.setStatus(deployment.id, { status: 'ready', message });
      if (deployment.status !== 'ready') {
        if (former && former.id !== deployment.id) await store.setStatus(former.id, { status: 'retired', message: former.message });
        await store.pointTo(endpoint.id, deployment.id);
        await events.record(tx, {
          ...about(served.project, deployment),
          type: 'deployment.ready',
          data: { endpoint: served.name, number: deployment.number, ...newsOf(deployment), warmUpMs },
        });
      }
      return { ...deployment, status: 'ready', message };
    });

  return {
    bringUp,
    switchTo,
    /** Once the tables that were replaced have answered what they were asked. */
    allLeft: async (): Promise<void> => {
      await Promise.all(leaving);
    },
  };
};

/** Why they cannot answer at one endpoint, now that all of them have said what they take and give. */
const unlike = ({ variants }: Deployment, leases: Leases): AppError | undefined => {
  try {
    checkColumns(
      variants.flatMap((variant) => {
        const lease = leases.get(variant.digest as TreeDigest);
        return lease ? [{ model: variant.model, number: variant.version, signature: lease.model.facts.signature }] : [];
      }),
    );
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
};

const isIn = (leases: Leases, { digest }: Variant): boolean => leases.has(digest as TreeDigest);
const letGoOf = (leases: Leases): void => leases.forEach((lease) => lease.letGo());

const notServed = ({ model, version }: { model: string; version: number }, cause: unknown): AppError =>
  new AppError(
    'failed_precondition',
    `Version ${version} of ${model} cannot be served: ${cause instanceof AppError ? cause.message : 'loading it went wrong, see the log of the server'}.`,
    { reason: 'version_not_served', cause },
  );

/** What every event of a deployment says. */
export const about = (project: ProjectRef, { id, createdBy, correlationId }: Deployment) => ({
  project,
  subject: { type: 'deployment', id },
  actor: createdBy,
  correlationId,
});
/** The variants as news tells them: the first, and all where there are more. */
export const newsOf = (deployment: Deployment) => {
  const { model, version } = mainVariant(deployment);
  const variants = deployment.variants.map(({ name, mode, share, ...of }) => ({ name, mode, share, model: of.model, version: of.version }));
  return { model, version, ...(variants.length > 1 && { variants }) };
};
