import { type Notification, notificationStatuses } from '@boucle/contract';
import { Option } from 'commander';
import { listUpTo, withLimit } from '../../listing.ts';
import { time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly limit: number;
  readonly status?: Notification['status'];
  readonly channel?: string;
}

export const listNotifications: Verb = (command, { client, showList, inProject }) =>
  withLimit(command, 20)
    .addOption(new Option('--status <status>', 'Those that stand so').choices(notificationStatuses))
    .option('--channel <name>', 'Those to one channel')
    .action(async ({ limit, status, channel }: Options) => {
      const params = await inProject();
      const filter = { ...(status && { status }), ...(channel !== undefined && { channel }) };
      const sent = await listUpTo(limit, (page) => client.notifications.list({ params, query: { ...page, ...filter } }));
      showList(
        sent,
        {
          alert: ({ alertId }) => alertId,
          about: ({ about }) => about,
          channel: ({ channel: name }) => name,
          status: ({ status: now }) => now,
          attempts: ({ attempts }) => attempts,
          made: ({ createdAt }) => time(createdAt),
          next: ({ dueAt }) => time(dueAt),
          error: ({ lastError }) => lastError ?? '',
        },
        'Nothing was sent yet.',
      );
    });
