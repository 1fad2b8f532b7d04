import type { api } from '@boucle/contract';
import type { Tracking } from '../../tracking/index.ts';
import type { Handlers } from '../bind.ts';

export const experimentHandlers = ({ experiments }: Tracking): Handlers<typeof api.experiments> => ({
  list: ({ actor, query }) => experiments.list(actor.project, query),
  create: ({ actor, body }) => experiments.create(actor, body),
});

type RunRoutes = Omit<typeof api.runs, 'reproduce' | 'reproduction'>;
/** To run a run again is the pipelines' business. */
export const runHandlers = ({ runs, artifacts }: Tracking): Handlers<RunRoutes> => ({
  create: ({ actor, body, idempotencyKey }) => runs.start(actor, body, idempotencyKey),
  get: ({ actor, params }) => runs.get(actor.project, params.runId),
  list: ({ actor, query }) => runs.list(actor.project, query),
  log: ({ actor, params, body }) => runs.log(actor, params.runId, body).then(() => ({})),
  finish: ({ actor, params, body }) => runs.end(actor, params.runId, body),
  history: ({ actor, params, query }) => runs.history(actor.project, params.runId, query),
  artifacts: {
    list: async ({ actor, params }) => ({ items: await artifacts.list(actor.project, params.runId) }),
    put: ({ actor, params, query, data }) => artifacts.put(actor, params.runId, { path: query.path, data }),
    get: ({ actor, params, query }) => artifacts.get(actor.project, params.runId, query.path),
  },
});
