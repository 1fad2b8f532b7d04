import { type Static, Type } from 'typebox';
import { Id, Name, Nullable, Page, Text, Time, inProject, paged } from './common.ts';
import { defineRoute } from './route.ts';

/** What can be done: a command of `boucle`, or a page of the server. */
export const Action = Type.Object({ label: Type.String(), command: Type.Optional(Type.String()), path: Type.Optional(Type.String()) });
export type Action = Static<typeof Action>;

/** What a channel is told of an alert. */
export const AlertNews = Type.Object({
  alertId: Id,
  /** `test` is of no alert: it tries the channel. */
  about: Type.Enum(['firing', 'resolved', 'test']),
  /** Told apart from other alerts by these; `alertname`, `severity`, `project`, `monitor` and `endpoint` are among them. */
  labels: Type.Record(Type.String(), Type.String()),
  message: Type.String(),
  advice: Nullable(Type.String()),
  /** The page of the alert, with its evidence. */
  path: Type.String(),
  actions: Type.Array(Action),
  startsAt: Time,
  endsAt: Nullable(Time),
});
export type AlertNews = Static<typeof AlertNews>;

export const notificationStatuses = ['waiting', 'sending', 'sent', 'failed'] as const;
/** One message to one channel, and what became of it. */
export const Notification = Type.Object(
  {
    id: Id,
    project: Name,
    channel: Name,
    alertId: Id,
    about: Type.Enum(['firing', 'resolved', 'test']),
    status: Type.Enum([...notificationStatuses]),
    attempts: Type.Integer(),
    /** Of a waiting one: when it is tried next. */
    dueAt: Nullable(Time),
    lastError: Nullable(Type.String()),
    createdAt: Time,
    endedAt: Nullable(Time),
    correlationId: Nullable(Id),
  },
  { $id: 'Notification' },
);
export type Notification = Static<typeof Notification>;

/** A channel of the manifest in force, as far as it may be shown. */
export const Channel = Type.Object(
  {
    name: Name,
    kind: Type.Enum(['webhook', 'slack', 'mail']),
    /** The host, or the receivers of mail; of an address that is a secret, the secret's name. */
    to: Type.String(),
    /** The newest message to it that ended. */
    last: Nullable(Notification),
  },
  { $id: 'Channel' },
);
export type Channel = Static<typeof Channel>;

export const notifications = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/notifications',
    summary: 'List messages to channels, newest first',
    tag: 'alerts',
    permission: 'notifications:read',
    params: inProject(),
    query: Type.Object({
      ...paged,
      status: Type.Optional(Type.Enum([...notificationStatuses])),
      channel: Type.Optional(Name),
      alertId: Type.Optional(Id),
    }),
    response: Page(Notification),
    errors: ['invalid_request'],
  }),
};
export const channels = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v1/projects/:project/channels',
    summary: 'Channels of the manifest in force',
    tag: 'alerts',
    permission: 'notifications:read',
    params: inProject(),
    response: Type.Object({ items: Type.Array(Channel) }),
    errors: [],
  }),
  /** One attempt, whose result is the answer. */
  test: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/channels/:channel/test',
    summary: 'Send a test message to a channel',
    tag: 'alerts',
    permission: 'channels:test',
    idempotent: true,
    params: inProject({ channel: Name }),
    body: Type.Object({ comment: Type.Optional(Text(500)) }),
    response: Notification,
    errors: ['not_found', 'conflict'],
  }),
};
