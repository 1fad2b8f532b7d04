import type { api } from '@boucle/contract';
import type { Retrainings } from '../../retraining/index.ts';
import type { Handlers } from '../bind.ts';

export const retrainingHandlers = (retrainings: Retrainings): Handlers<typeof api.retrainings> => ({
  list: ({ actor, query }) => retrainings.list(actor.project, query),
  get: ({ actor, params }) => retrainings.get(actor.project, params.retrainingId),
  start: ({ actor, body, idempotencyKey }) => retrainings.ask(actor, { ...body, key: idempotencyKey }),
});
