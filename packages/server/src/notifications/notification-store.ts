import type { AlertNews, Notification, Paging } from '@boucle/contract';
import { decodeCursor, pageOf, type Tx } from '../platform/index.ts';
import type { ProjectRef } from '../governance/index.ts';

interface NotificationRow {
  id: string;
  project_id: string;
  channel: string;
  alert_id: string;
  about: AlertNews['about'];
  news: string;
  status: Notification['status'];
  attempts: number;
  due_at: string | null;
  last_error: string | null;
  created_at: string;
  ended_at: string | null;
  correlation_id: string | null;
}
type Tables = { notification: NotificationRow; project: { id: string; name: string } };

/** A message that a sender takes, with all it needs to send it. */
export interface Delivery {
  readonly id: string;
  readonly project: ProjectRef;
  readonly channel: string;
  readonly attempts: number;
  readonly news: AlertNews;
  readonly correlationId: string | null;
}
export interface NotificationFilter extends Paging {
  readonly status?: Notification['status'];
  readonly channel?: string;
  readonly alertId?: string;
}

const fromRow = (row: NotificationRow, project: string): Notification => ({
  id: row.id,
  project,
  channel: row.channel,
  alertId: row.alert_id,
  about: row.about,
  status: row.status,
  attempts: row.attempts,
  dueAt: row.due_at,
  lastError: row.last_error,
  createdAt: row.created_at,
  endedAt: row.ended_at,
  correlationId: row.correlation_id,
});

export const notificationStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  return {
    /** Whether it is the first of its channel, alert and status. */
    insert: async ({ id: projectId }: ProjectRef, one: Omit<Notification, 'project'>, news: AlertNews): Promise<boolean> =>
      (
        await db
          .insertInto('notification')
          .values({
            id: one.id,
            project_id: projectId,
            channel: one.channel,
            alert_id: one.alertId,
            about: one.about,
            news: JSON.stringify(news),
            status: one.status,
            attempts: one.attempts,
            due_at: one.dueAt,
            last_error: one.lastError,
            created_at: one.createdAt,
            ended_at: one.endedAt,
            correlation_id: one.correlationId,
          })
          .onConflict((c) => c.columns(['project_id', 'channel', 'alert_id', 'about']).doNothing())
          .returning('id')
          .execute()
      ).length > 0,
    find: async ({ id: projectId, name }: ProjectRef, id: string): Promise<Notification | undefined> => {
      const row = await db
        .selectFrom('notification')
        .selectAll()
        .where('project_id', '=', projectId)
        .where('id', '=', id)
        .executeTakeFirst();
      return row && fromRow(row, name);
    },
    /** Those that wait, the soonest first; of an alert's end no sooner than its beginning has ended. */
    waiting: async (limit: number): Promise<(Pick<Delivery, 'id' | 'channel'> & { projectId: string; dueAt: string })[]> =>
      (
        await db
          .selectFrom('notification as one')
          .select(['id', 'channel', 'project_id', 'due_at'])
          .where('due_at', 'is not', null)
          .where('status', '=', 'waiting')
          .where((eb) =>
            eb.or([
              eb('about', '!=', 'resolved'),
              eb.not(
                eb.exists(
                  eb
                    .selectFrom('notification as before')
                    .select('before.id')
                    .whereRef('before.project_id', '=', 'one.project_id')
                    .whereRef('before.channel', '=', 'one.channel')
                    .whereRef('before.alert_id', '=', 'one.alert_id')
                    .where('before.about', '=', 'firing')
                    .where('before.due_at', 'is not', null),
                ),
              ),
            ]),
          )
          .orderBy('due_at')
          .orderBy('id')
          .limit(limit)
          .execute()
      ).map((row) => ({ id: row.id, channel: row.channel, projectId: row.project_id, dueAt: row.due_at! })),
    /** Takes one that waits: from here on this attempt may reach its receiver. */
    claim: async (id: string): Promise<Delivery | undefined> => {
      const row = await db
        .updateTable('notification')
        .set((eb) => ({ status: 'sending', attempts: eb('attempts', '+', 1) }))
        .where('id', '=', id)
        .where('status', '=', 'waiting')
        .returningAll()
        .executeTakeFirst();
      if (!row) return undefined;
      const { name } = await db.selectFrom('project').select('name').where('id', '=', row.project_id).executeTakeFirstOrThrow();
      return {
        id,
        project: { id: row.project_id, name },
        channel: row.channel,
        attempts: row.attempts,
        news: JSON.parse(row.news) as AlertNews,
        correlationId: row.correlation_id,
      };
    },
    /** Ends an attempt, if it is still this one that is under way. */
    settle: async (
      { id, attempts }: Pick<Delivery, 'id' | 'attempts'>,
      change: { status: 'waiting' | 'sent' | 'failed'; dueAt: string | null; lastError: string | null; endedAt: string | null },
    ): Promise<boolean> =>
      (
        await db
          .updateTable('notification')
          .set({ status: change.status, due_at: change.dueAt, last_error: change.lastError, ended_at: change.endedAt })
          .where('id', '=', id)
          .where('status', '=', 'sending')
          .where('attempts', '=', attempts)
          .returning('id')
          .execute()
      ).length > 0,
    /** What was under way when a server was killed: whether it arrived nobody knows, so it is sent again. Tests are not. */
    takeUpAgain: async (endedAt: string): Promise<void> => {
      const underWay = db.updateTable('notification').where('status', '=', 'sending');
      const lastError = 'The server stopped while this was on its way';
      await underWay
        .set({ status: 'failed', due_at: null, ended_at: endedAt, last_error: lastError })
        .where('about', '=', 'test')
        .execute();
      await underWay.set({ status: 'waiting', last_error: lastError }).where('about', '!=', 'test').execute();
    },
    list: async ({ id: projectId, name }: ProjectRef, { limit, cursor, status, channel, alertId }: NotificationFilter) => {
      let query = db.selectFrom('notification').selectAll().where('project_id', '=', projectId);
      if (status !== undefined) query = query.where('status', '=', status);
      if (channel !== undefined) query = query.where('channel', '=', channel);
      if (alertId !== undefined) query = query.where('alert_id', '=', alertId);
      if (cursor !== undefined) query = query.where('id', '<', decodeCursor(cursor, ['string'])[0]);
      const rows = await query
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return pageOf(rows, limit, { item: (row) => fromRow(row, name), at: (row) => [row.id] });
    },
    lastOf: async ({ id: projectId, name }: ProjectRef, channel: string): Promise<Notification | null> => {
      const row = await db
        .selectFrom('notification')
        .selectAll()
        .where('project_id', '=', projectId)
        .where('channel', '=', channel)
        .where('ended_at', 'is not', null)
        .orderBy('ended_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? fromRow(row, name) : null;
    },
  };
};
