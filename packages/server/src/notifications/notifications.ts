import { type AlertNews, type Channel, type DeclaredChannel, type Notification, notFound } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import { newId, once, type Tx } from '../platform/index.ts';
import { createDeliver, type DeliverParts } from './deliver.ts';
import { type NotificationFilter, notificationStore } from './notification-store.ts';
import { createSender, type SenderParts } from './sender.ts';

export interface NotificationsParts extends Pick<SenderParts, 'db' | 'events' | 'clock' | 'log' | 'mask'>, DeliverParts {
  /** Of the manifest in force. */
  readonly channelsOf: (project: ProjectRef) => Promise<readonly DeclaredChannel[]>;
  readonly random?: () => number;
}
interface Sent {
  readonly project: ProjectRef;
  /** Names of channels. */
  readonly channels: readonly string[];
  readonly news: AlertNews;
  readonly correlationId: string | null;
}

/** Messages to channels: written with the change they tell of, sent after it, and again until they arrive or are given up. */
export const createNotifications = (parts: NotificationsParts) => {
  const { db, clock, channelsOf, random = Math.random } = parts;
  const channelOf = async (project: ProjectRef, name: string) => (await channelsOf(project)).find((channel) => channel.name === name);
  const sender = createSender({ ...parts, random, channelOf, deliver: createDeliver(parts) });

  const fresh = (channel: string, { alertId, about }: AlertNews, correlationId: string | null): Omit<Notification, 'project'> => {
    const now = clock.now().toISOString();
    const waiting = { status: 'waiting', attempts: 0, dueAt: now, lastError: null, createdAt: now, endedAt: null } as const;
    return { id: newId(), channel, alertId, about, ...waiting, correlationId };
  };

  return {
    /** Inside a write: a message to each channel, once for an alert and its status. It leaves after the commit. */
    send: async (tx: Tx, { project, channels, news, correlationId }: Sent): Promise<void> => {
      for (const channel of new Set(channels)) await notificationStore(tx).insert(project, fresh(channel, news, correlationId), news);
      db.afterCommit(sender.wake);
    },
    list: (actor: Actor, filter: NotificationFilter) => notificationStore(db.read).list(actor.project, filter),
    channels: async ({ project }: Actor): Promise<Channel[]> =>
      Promise.all(
        (await channelsOf(project)).map(async (channel) => ({
          name: channel.name,
          kind: channel.kind,
          to: receiverOf(channel),
          last: await notificationStore(db.read).lastOf(project, channel.name),
        })),
      ),
    /** One attempt at a message that says it is a test; the answer is what became of it. */
    test: async (
      { project, id: by }: Actor,
      channel: string,
      { comment = '', key }: { comment?: string | undefined; key?: string | undefined } = {},
    ): Promise<Notification> => {
      if (!(await channelOf(project, channel))) throw notFound('channel', channel);
      const now = clock.now().toISOString();
      const news: AlertNews = {
        alertId: newId(),
        about: 'test',
        labels: { alertname: 'channel test', project: project.name, severity: 'info' },
        message: `${by} tries this channel${comment === '' ? '' : `: ${comment}`}`,
        advice: null,
        path: `/p/${encodeURIComponent(project.name)}/alerts`,
        actions: [],
        startsAt: now,
        endsAt: null,
      };
      const asked = { projectId: project.id, route: `channels.test:${channel}`, key, asked: comment };
      const { id, isNew } = await db.write(async (tx) => {
        let isNew = false;
        const id = await once(tx, asked, clock, async () => {
          isNew = true;
          const one = { ...fresh(channel, news, null), status: 'sending', attempts: 1 } as const;
          await notificationStore(tx).insert(project, one, news);
          return one.id;
        });
        return { id, isNew };
      });
      if (isNew) await sender.attemptNow({ id, project, channel, attempts: 1, news, correlationId: null });
      return (await notificationStore(db.read).find(project, id))!;
    },
    settled: sender.settled,
    start: sender.start,
    close: sender.close,
  };
};
export type Notifications = ReturnType<typeof createNotifications>;

const receiverOf = (channel: DeclaredChannel): string => {
  if (channel.kind === 'mail') return channel.to.join(', ');
  if (typeof channel.url !== 'string') return `secret ${channel.url.secret}`;
  return URL.canParse(channel.url) ? new URL(channel.url).host : '';
};
