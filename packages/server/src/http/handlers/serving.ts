import { type endpoints, type feedback, notFound, type predictions, type traffic } from '@boucle/contract';
import type { Monitoring } from '../../monitoring/index.ts';
import type { Serving } from '../../serving/index.ts';
import type { Handlers } from '../bind.ts';

interface ServingRoutes {
  endpoints: typeof endpoints;
  traffic: typeof traffic;
  predictions: typeof predictions;
  feedback: typeof feedback;
}

export const servingHandlers = (serving: Serving, monitoring: Monitoring): Handlers<ServingRoutes> => ({
  endpoints: {
    list: ({ actor, query }) => serving.list(actor, query),
    get: ({ actor, params }) => serving.get(actor, params.endpoint),
    deploy: ({ actor, params, body, idempotencyKey }) => serving.deploy(actor, { ...body, endpoint: params.endpoint, key: idempotencyKey }),
    deployments: ({ actor, params, query }) => serving.deployments(actor, params.endpoint, query),
  },
  traffic: { list: async ({ actor, query }) => ({ items: serving.recentTraffic(actor.project, query.endpoint) }) },
  predictions: {
    list: async ({ actor, query }) => ({ items: await serving.predictions(actor, query) }),
    get: async ({ actor, params: { predictionId } }) => {
      const prediction = await serving.find(actor.project, predictionId);
      if (!prediction) throw notFound('prediction', predictionId);
      return { prediction, feedback: await monitoring.of(actor.project, predictionId) };
    },
  },
  feedback: {
    give: async ({ actor, body }) => ({ items: await monitoring.give(actor, body.items) }),
  },
});
