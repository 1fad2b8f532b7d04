import type { monitors } from '@boucle/contract';
import type { Windows } from '../../monitoring/index.ts';
import type { Handlers } from '../bind.ts';

export const monitorHandlers = (windows: Windows): Handlers<typeof monitors> => ({
  list: async ({ actor }) => ({ items: await windows.list(actor) }),
  get: ({ actor, params }) => windows.get(actor, params.monitor),
  windows: ({ actor, params, query }) => windows.windows(actor, params.monitor, query),
  window: ({ actor, params, query }) => windows.window(actor, params.windowId, query.version),
  performance: async ({ actor, params, query }) => ({ items: await windows.performance(actor, params.monitor, query) }),
});
