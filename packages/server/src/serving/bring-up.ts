import { AppError, type Deployment, type TreeDigest } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import type { Db, Events, Log } from '../platform/index.ts';
import { endpointStore } from './endpoint-store.ts';
import type { ServedEndpoint } from './served-endpoints.ts';
import type { ServedModel } from './served-model.ts';
import { warmUp } from './warm-up.ts';

export interface BringUpParts {
  db: Db;
  events: Events;
  log: Log;
  serveModel: (digest: TreeDigest) => Promise<ServedModel>;
  warmUpMs: number;
}

/** Loads what is deployed, and lets it answer once it is warm; the former one goes on until then. */
export const createBringUp = ({ db, events, log, serveModel, warmUpMs: deadlineMs }: BringUpParts) => {
  /** Models on their way out; what they were asked before is still answered by them. */
  const leaving = new Set<Promise<void>>();
  const letLeave = (model: ServedModel | undefined): void => {
    if (!model) return;
    const left = model.close().finally(() => leaving.delete(left));
    leaving.add(left);
  };

  const bringUp = async (served: ServedEndpoint, deployment: Deployment): Promise<Deployment> => {
    const started = performance.now();
    let model: ServedModel | undefined;
    try {
      model = await serveModel(digestOf(deployment));
      await warmUp(model, deadlineMs);
    } catch (error) {
      letLeave(model);
      return fail(served, deployment, error);
    }
    const settled = await settle(served, deployment, Math.round(performance.now() - started)).catch((error: unknown) => {
      letLeave(model);
      throw error;
    });
    const current = served.state.kind === 'ready' ? served.state : undefined;
    // Of two that were settled in the same moment, the later one stays.
    const takesOver = settled.status === 'ready' && (current?.deployment.number ?? 0) <= settled.number;
    if (takesOver) served.state = { kind: 'ready', deployment: settled, model };
    letLeave(takesOver ? current?.model : model);
    return settled;
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

  /** Whether it takes over is decided in one write: a later deployment may have been ready first. */
  const settle = (served: ServedEndpoint, deployment: Deployment, warmUpMs: number): Promise<Deployment> =>
    db.write(async (tx) => {
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
        const { number, variants } = deployment;
        await events.record(tx, {
          ...about(served.project, deployment),
          type: 'deployment.ready',
          data: { endpoint: served.name, number, model: variants[0]!.model, version: variants[0]!.version, warmUpMs },
        });
      }
      return { ...deployment, status: 'ready', message: null };
    });

  return {
    bringUp,
    /** Once the models that were replaced have answered what they were asked. */
    allLeft: async (): Promise<void> => {
      await Promise.all(leaving);
    },
  };
};

export const digestOf = ({ variants }: Deployment): TreeDigest => variants[0]!.digest as TreeDigest;
/** What every event of a deployment says. */
export const about = (project: ProjectRef, { id, createdBy, correlationId }: Deployment) => ({
  project,
  subject: { type: 'deployment', id },
  actor: createdBy,
  correlationId,
});
