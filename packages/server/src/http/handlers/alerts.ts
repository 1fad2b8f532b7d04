import type { alerts, channels, notifications, silences } from '@boucle/contract';
import type { Alerts } from '../../monitoring/index.ts';
import type { Notifications } from '../../notifications/index.ts';
import type { Handlers } from '../bind.ts';

interface AlertRoutes {
  alerts: typeof alerts;
  silences: typeof silences;
  notifications: typeof notifications;
  channels: typeof channels;
}

export const alertHandlers = (watched: Alerts, sent: Notifications): Handlers<AlertRoutes> => ({
  alerts: {
    list: ({ actor, query }) => watched.list(actor, query),
    get: ({ actor, params }) => watched.get(actor, params.alertId),
    acknowledge: ({ actor, params, body }) => watched.acknowledge(actor, { ...body, alertId: params.alertId }),
  },
  silences: {
    list: ({ actor, query }) => watched.silences.list(actor, query),
    create: ({ actor, body, idempotencyKey }) => watched.silences.create(actor, { ...body, key: idempotencyKey }),
    remove: async ({ actor, params }) => {
      await watched.silences.remove(actor, params.silenceId);
      return {};
    },
  },
  notifications: { list: ({ actor, query }) => sent.list(actor, query) },
  channels: {
    list: async ({ actor }) => ({ items: await sent.channels(actor) }),
    test: ({ actor, params, body, idempotencyKey }) => sent.test(actor, params.channel, { ...body, key: idempotencyKey }),
  },
});
