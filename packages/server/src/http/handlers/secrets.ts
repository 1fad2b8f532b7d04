import type { api } from '@boucle/contract';
import type { Secrets } from '../../platform/secrets/index.ts';
import type { Handlers } from '../bind.ts';

export const secretHandlers = (secrets: Secrets): Handlers<typeof api.secrets> => ({
  list: async ({ actor }) => ({ items: await secrets.list(actor.project.id) }),
  set: ({ actor, params, body }) => secrets.set(actor.project.id, params.name, body.value),
  remove: async ({ actor, params }) => {
    await secrets.remove(actor.project.id, params.name);
    return {};
  },
});
