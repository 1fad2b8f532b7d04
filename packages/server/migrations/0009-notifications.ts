import type { Kysely } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, rootTable, required } = columnsFor(db);

  await rootTable('notification')
    .addColumn('channel', text, required)
    .addColumn('alert_id', text, required)
    /** Of the alert: `firing`, `resolved`, `test`. */
    .addColumn('about', text, required)
    /** What is told; how it is written is the channel's business. */
    .addColumn('news', text, required)
    .addColumn('status', text, required)
    .addColumn('attempts', 'integer', required)
    /** When it may be sent next; null once it has ended. */
    .addColumn('due_at', text)
    .addColumn('last_error', text)
    .addColumn('created_at', text, required)
    .addColumn('ended_at', text)
    .addColumn('correlation_id', text)
    .addUniqueConstraint('notification_once', ['project_id', 'channel', 'alert_id', 'about'])
    .execute();
  await db.schema
    .createIndex('notification_due')
    .on('notification')
    .columns(['due_at'])
    .where('due_at' as never, 'is not', null)
    .execute();
};
