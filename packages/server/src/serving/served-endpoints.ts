import { AppError, type Deployment, notFound } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import type { EndpointRecord } from './endpoint-store.ts';
import { createLatencyWindow, type LatencyWindow } from './latency-window.ts';
import type { Routing } from './routing.ts';
import { createVariantTallies, type VariantTallies } from './variant-tallies.ts';

type State =
  | { readonly kind: 'ready'; readonly deployment: Deployment; readonly routing: Routing }
  | { readonly kind: 'starting' }
  | { readonly kind: 'failed'; readonly deployment: Deployment };

/** An endpoint as this process serves it. */
export interface ServedEndpoint {
  readonly id: string;
  readonly project: ProjectRef;
  readonly name: string;
  /** Of requests that callers made; what shadows do is not among them. */
  readonly window: LatencyWindow;
  readonly variants: VariantTallies;
  state: State;
}

/** All endpoints by project and name, in memory: a prediction asks no database. */
export const createServedEndpoints = () => {
  const byName = new Map<string, ServedEndpoint>();
  const keyOf = (projectId: string, name: string): string => `${projectId}/${name}`;
  const list = (projectId?: string): ServedEndpoint[] =>
    [...byName.values()].filter(({ project }) => projectId === undefined || project.id === projectId);

  return {
    list,
    find: (projectId: string, name: string): ServedEndpoint | undefined => byName.get(keyOf(projectId, name)),
    /** The one of this name in a project, if it is said; else in `default`; else the only one of this name. */
    called: (name: string, project?: string): ServedEndpoint => {
      const named = list().filter((one) => one.name === name);
      const wanted = project ?? 'default';
      const found =
        named.find((one) => one.project.name === wanted) ?? (project === undefined && named.length === 1 ? named[0] : undefined);
      if (found) return found;
      if (project !== undefined || named.length === 0)
        throw notFound('endpoint', project === undefined ? name : `${name} of project ${project}`);
      throw new AppError('not_found', `Several projects have an endpoint ${name}: say which in the header boucle-project`, {
        reason: 'endpoint_ambiguous',
        details: { projects: named.map((one) => one.project.name) },
      });
    },
    ensure: ({ id, project, name }: Pick<EndpointRecord, 'id' | 'project' | 'name'>): ServedEndpoint => {
      const key = keyOf(project.id, name);
      const served = byName.get(key) ?? {
        id,
        project,
        name,
        window: createLatencyWindow(),
        variants: createVariantTallies(),
        state: { kind: 'starting' },
      };
      byName.set(key, served);
      return served;
    },
  };
};
export type ServedEndpoints = ReturnType<typeof createServedEndpoints>;

/** What answers at an endpoint. Refuses where nothing does, and says whether to come back. */
export const answering = ({ name, state }: ServedEndpoint): Routing => {
  if (state.kind === 'ready') return state.routing;
  const starting = new AppError('unavailable', `Endpoint ${name} is being loaded: try again in a moment`, {
    reason: 'endpoint_not_ready',
    details: { retryAfterSeconds: 1 },
  });
  if (state.kind === 'starting') throw starting;
  throw new AppError('unavailable', `Endpoint ${name} does not answer: ${state.deployment.message} Deploy a model that loads`, {
    reason: 'endpoint_failed',
    details: { deployment: state.deployment.number, retryAfterSeconds: 30 },
  });
};
