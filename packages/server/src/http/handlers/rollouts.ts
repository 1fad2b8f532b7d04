import type { api } from '@boucle/contract';
import type { Rollouts } from '../../rollouts/index.ts';
import type { Handlers } from '../bind.ts';

export const rolloutHandlers = (rollouts: Rollouts): Handlers<typeof api.rollouts> => ({
  list: ({ actor, query }) => rollouts.list(actor, query),
  get: ({ actor, params }) => rollouts.get(actor, params.rolloutId),
  start: ({ actor, params, body, idempotencyKey }) => rollouts.start(actor, { ...body, endpoint: params.endpoint, key: idempotencyKey }),
  pause: ({ actor, params, body }) => rollouts.pause(actor, params.rolloutId, body.reason),
  resume: ({ actor, params, body }) => rollouts.resume(actor, params.rolloutId, body.reason),
  promote: ({ actor, params, body }) => rollouts.promote(actor, params.rolloutId, body.reason),
  rollBack: ({ actor, params, body }) => rollouts.rollBack(actor, params.rolloutId, body.reason),
  evidence: ({ actor, params, query }) => rollouts.evidence(actor, params.rolloutId, query),
  verify: ({ actor, params }) => rollouts.verify(actor, params.rolloutId),
});
