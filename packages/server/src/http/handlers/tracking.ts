import type { api } from '@boucle/contract';
import { asRun, pointOnWire, type Tracking } from '../../tracking/index.ts';
import type { Handlers } from '../bind.ts';

export const experimentHandlers = ({ experiments, search }: Tracking): Handlers<typeof api.experiments> => ({
  search: ({ actor, body }) => search.experiments(actor.project, body),
  list: ({ actor, query }) => experiments.list(actor.project, query),
  get: ({ actor, params }) => experiments.get(actor.project, params.experimentId),
  create: ({ actor, body }) => experiments.create(actor, body),
  update: ({ actor, params, body }) => experiments.rename(actor, params.experimentId, body.name),
  remove: ({ actor, params }) => experiments.remove(actor, params.experimentId),
  restore: ({ actor, params }) => experiments.restore(actor, params.experimentId),
  purge: ({ actor, params }) => experiments.purge(actor, params.experimentId).then(() => ({})),
  tags: {
    set: ({ actor, params, body }) => experiments.setTags(actor, params.experimentId, body.tags).then(() => ({})),
    remove: ({ actor, params, query }) => experiments.removeTag(actor, params.experimentId, query.key).then(() => ({})),
  },
});

type RunRoutes = Omit<typeof api.runs, 'reproduce' | 'reproduction'>;
/** To run a run again is the pipelines' business. */
export const runHandlers = ({ runs, metrics, artifacts, search }: Tracking): Handlers<RunRoutes> => ({
  search: async ({ actor, body }) => {
    const { items, nextCursor } = await search.runs(actor.project, body);
    return { items: items.map(asRun), nextCursor };
  },
  count: ({ actor, body }) => search.count(actor.project, body),
  keys: ({ actor, query: { experiments, ...query } }) =>
    search.keys(actor.project, { ...query, ...(experiments !== undefined && { experimentIds: experiments.split(',') }) }),
  create: ({ actor, body, idempotencyKey }) => runs.start(actor, body, idempotencyKey),
  get: ({ actor, params }) => runs.get(actor.project, params.runId),
  list: ({ actor, query }) => runs.list(actor.project, query),
  log: ({ actor, params, body }) => runs.log(actor, params.runId, body).then(() => ({})),
  update: ({ actor, params, body }) => runs.update(actor, params.runId, body),
  remove: ({ actor, params }) => runs.remove(actor, params.runId),
  restore: ({ actor, params }) => runs.restore(actor, params.runId),
  purge: ({ actor, params }) => runs.purge(actor, params.runId).then(() => ({})),
  tags: {
    set: ({ actor, params, body }) => runs.setTags(actor, params.runId, body.tags).then(() => ({})),
    remove: ({ actor, params, query }) => runs.removeTag(actor, params.runId, query.key).then(() => ({})),
  },
  finish: ({ actor, params, body }) => runs.end(actor, params.runId, body),
  history: async ({ actor, params, query }) => {
    const { items, nextCursor } = await metrics.history(actor.project, params.runId, query);
    return { items: items.map(pointOnWire), nextCursor };
  },
  chart: async ({ actor, query: { runs: ids, ...query } }) => {
    const series = await metrics.chart(actor.project, { ...query, runIds: ids.split(',') });
    return { series: series.map(({ points, ...one }) => ({ ...one, points: points.map(pointOnWire) })) };
  },
  artifacts: {
    list: ({ actor, params, query: { path: folder = '', ...page } }) =>
      artifacts.list(actor.project, `run:${params.runId}`, { folder, ...page }),
    put: ({ actor, params, query, data }) => artifacts.put(actor, `run:${params.runId}`, { path: query.path, data }),
    get: ({ actor, params, query }) => artifacts.get(actor.project, `run:${params.runId}`, query.path),
  },
});
