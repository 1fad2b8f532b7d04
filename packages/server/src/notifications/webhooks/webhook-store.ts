import type { Paging } from '@boucle/contract';
import type { ProjectRef } from '../../governance/index.ts';
import { decodeCursor, pageOf, type Tx } from '../../platform/index.ts';
import type { Topic } from './topics.ts';

interface WebhookRow {
  id: string;
  project_id: string;
  name: string;
  description: string;
  url: string;
  topics: string;
  sealed_secret: string | null;
  status: 'active' | 'disabled';
  created_at: string;
  updated_at: string;
}
interface DeliveryRow {
  id: string;
  webhook_id: string;
  body: string;
  status: 'waiting' | 'sending';
  attempts: number;
  due_at: string;
}
type Tables = {
  webhook: WebhookRow;
  webhook_delivery: DeliveryRow;
  webhook_position: { project_id: string; seq: number };
};

/** An address that is told of what becomes of models. */
export interface Webhook {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly url: string;
  readonly topics: readonly Topic[];
  readonly status: 'active' | 'disabled';
  readonly createdAt: string;
  readonly updatedAt: string;
}
export interface StoredWebhook extends Webhook {
  readonly projectId: string;
  readonly sealedSecret: string | null;
}
/** One message on its way to one of them. */
export interface Delivery {
  readonly id: string;
  readonly webhookId: string;
  readonly body: string;
  readonly attempts: number;
  readonly dueAt: string;
}

const fromRow = (r: WebhookRow): StoredWebhook => ({
  id: r.id,
  projectId: r.project_id,
  name: r.name,
  description: r.description,
  url: r.url,
  topics: JSON.parse(r.topics) as Topic[],
  sealedSecret: r.sealed_secret,
  status: r.status,
  createdAt: r.created_at,
  updatedAt: r.updated_at,
});
const toRow = (w: StoredWebhook): WebhookRow => ({
  id: w.id,
  project_id: w.projectId,
  name: w.name,
  description: w.description,
  url: w.url,
  topics: JSON.stringify(w.topics),
  sealed_secret: w.sealedSecret,
  status: w.status,
  created_at: w.createdAt,
  updated_at: w.updatedAt,
});

export const webhookStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  return {
    insert: async (webhook: StoredWebhook): Promise<void> => {
      await db.insertInto('webhook').values(toRow(webhook)).execute();
    },
    change: async (webhook: StoredWebhook): Promise<void> => {
      const { id, ...rest } = toRow(webhook);
      await db.updateTable('webhook').set(rest).where('id', '=', id).execute();
    },
    /** With what was on its way to it. */
    remove: async (id: string): Promise<void> => {
      await db.deleteFrom('webhook_delivery').where('webhook_id', '=', id).execute();
      await db.deleteFrom('webhook').where('id', '=', id).execute();
    },
    find: async ({ id: projectId }: ProjectRef, id: string): Promise<StoredWebhook | undefined> => {
      const row = await db.selectFrom('webhook').selectAll().where('project_id', '=', projectId).where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },
    byId: async (id: string): Promise<StoredWebhook | undefined> => {
      const row = await db.selectFrom('webhook').selectAll().where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },
    list: async ({ id: projectId }: ProjectRef, { limit, cursor }: Paging) => {
      let query = db
        .selectFrom('webhook')
        .selectAll()
        .where('project_id', '=', projectId)
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (cursor !== undefined) query = query.where('id', '<', decodeCursor(cursor, ['string'])[0]);
      return pageOf(await query.execute(), limit, { item: fromRow, at: (r) => [r.id] });
    },
    active: async ({ id: projectId }: Pick<ProjectRef, 'id'>): Promise<StoredWebhook[]> =>
      (await db.selectFrom('webhook').selectAll().where('project_id', '=', projectId).where('status', '=', 'active').execute()).map(
        fromRow,
      ),

    /** How far a project's news was read. */
    position: async (projectId: string): Promise<number | undefined> => {
      const row = await db.selectFrom('webhook_position').select('seq').where('project_id', '=', projectId).executeTakeFirst();
      return row && Number(row.seq);
    },
    /** False where another server has read on meanwhile. */
    movePosition: async (projectId: string, from: number, to: number): Promise<boolean> =>
      (
        await db
          .updateTable('webhook_position')
          .set({ seq: to })
          .where('project_id', '=', projectId)
          .where('seq', '=', from)
          .returning('seq')
          .execute()
      ).length > 0,
    setPosition: async (projectId: string, seq: number): Promise<void> => {
      await db
        .insertInto('webhook_position')
        .values({ project_id: projectId, seq })
        .onConflict((c) => c.column('project_id').doUpdateSet({ seq }))
        .execute();
    },
    read: async (): Promise<string[]> =>
      (await db.selectFrom('webhook_position').select('project_id').execute()).map(({ project_id }) => project_id),

    add: async (deliveries: readonly Delivery[]): Promise<void> => {
      if (deliveries.length === 0) return;
      await db
        .insertInto('webhook_delivery')
        .values(
          deliveries.map(({ id, webhookId, body, attempts, dueAt }) => ({
            id,
            webhook_id: webhookId,
            body,
            status: 'waiting' as const,
            attempts,
            due_at: dueAt,
          })),
        )
        .execute();
    },
    /** The one that is due first. */
    next: async (webhookId: string): Promise<{ id: string; dueAt: string } | undefined> => {
      const row = await db
        .selectFrom('webhook_delivery')
        .select(['id', 'due_at'])
        .where('webhook_id', '=', webhookId)
        .where('status', '=', 'waiting')
        .orderBy('due_at')
        .orderBy('id')
        .limit(1)
        .executeTakeFirst();
      return row && { id: row.id, dueAt: row.due_at };
    },
    /** Takes one that waits: from here on this attempt may reach its receiver. */
    claim: async (id: string): Promise<Delivery | undefined> => {
      const row = await db
        .updateTable('webhook_delivery')
        .set((eb) => ({ status: 'sending', attempts: eb('attempts', '+', 1) }))
        .where('id', '=', id)
        .where('status', '=', 'waiting')
        .returningAll()
        .executeTakeFirst();
      return row && { id, webhookId: row.webhook_id, body: row.body, attempts: row.attempts, dueAt: row.due_at };
    },
    /** Ends an attempt, if it is still this one that is under way: it goes, or waits until it is due again. */
    settle: async ({ id, attempts }: Delivery, dueAt: string | null): Promise<void> => {
      const gone = db.deleteFrom('webhook_delivery');
      const again = db.updateTable('webhook_delivery').set({ status: 'waiting', due_at: dueAt ?? '' });
      const query = dueAt === null ? gone.where('id', '=', id) : again.where('id', '=', id);
      await (query as typeof again).where('status', '=', 'sending').where('attempts', '=', attempts).execute();
    },
    /** What was under way when a server was killed: whether it arrived nobody knows, so it is sent again. */
    takeUpAgain: async (): Promise<string[]> => {
      await db.updateTable('webhook_delivery').set({ status: 'waiting' }).where('status', '=', 'sending').execute();
      return (await db.selectFrom('webhook_delivery').select('webhook_id').distinct().execute()).map(({ webhook_id }) => webhook_id);
    },
  };
};
