import { aNewName } from '../names.ts';
import { channel } from '../an-alert.ts';
import { project, type Stage } from '../stage.ts';
import { absent, badCursor, type RefusalsOf } from './refusal.ts';

export const alertRefusals = ({ client, ...stage }: Stage): RefusalsOf<'alerts' | 'silences' | 'notifications' | 'channels'> => {
  const params = { project };
  const none = { project, alertId: absent };
  const silence = { matchers: [{ name: 'alertname', value: 'nothing' }], until: '2126-01-01T00:00:00.000Z', comment: 'quiet' };
  const reused = async (call: (comment: string, options: { idempotencyKey: string }) => Promise<unknown>) => {
    const options = { idempotencyKey: aNewName() };
    for (const comment of ['one', 'two']) await call(comment, options);
  };
  return {
    alerts: {
      list: { invalid_request: ['unknown_cursor', () => client.alerts.list({ params, query: badCursor })] },
      get: { not_found: [undefined, () => client.alerts.get({ params: none })] },
      acknowledge: {
        not_found: [undefined, () => client.alerts.acknowledge({ params: none, body: { comment: 'seen' } })],
        failed_precondition: [
          'alert_resolved',
          async () => {
            const alertId = await stage.endAlert();
            await client.alerts.acknowledge({ params: { project, alertId }, body: { comment: 'too late' } });
          },
        ],
      },
    },
    silences: {
      list: { invalid_request: ['unknown_cursor', () => client.silences.list({ params, query: badCursor })] },
      create: {
        invalid_request: ['bad_silence', () => client.silences.create({ params, body: { ...silence, until: '2000-01-01T00:00:00.000Z' } })],
        conflict: [
          'idempotency_key_reused',
          () => reused((comment, options) => client.silences.create({ params, body: { ...silence, comment } }, options)),
        ],
      },
      remove: { not_found: [undefined, () => client.silences.remove({ params: { project, silenceId: absent } })] },
    },
    notifications: { list: { invalid_request: ['unknown_cursor', () => client.notifications.list({ params, query: badCursor })] } },
    channels: {
      list: {},
      test: {
        not_found: [undefined, () => client.channels.test({ params: { project, channel: 'nobody' }, body: {} })],
        conflict: [
          'idempotency_key_reused',
          () =>
            reused((comment, options) => client.channels.test({ params: { project, channel: channel.name }, body: { comment } }, options)),
        ],
      },
    },
  };
};
