import type { Kysely } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

/** Addresses that are told of models, how far the news was read for them, and what waits to be sent. */
export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, required, rootTable } = columnsFor(db);

  await rootTable('webhook')
    .addColumn('name', text, required)
    .addColumn('description', text, required)
    .addColumn('url', text, required)
    /** JSON: what it is told of. */
    .addColumn('topics', text, required)
    .addColumn('sealed_secret', text)
    .addColumn('status', text, required)
    .addColumn('created_at', text, required)
    .addColumn('updated_at', text, required)
    .execute();
  await db.schema.createIndex('webhook_by_project').on('webhook').columns(['project_id', 'id']).execute();

  await db.schema
    .createTable('webhook_position')
    .addColumn('project_id', text, (c) => c.primaryKey().references('project.id'))
    .addColumn('seq', 'bigint', required)
    .execute();

  /** A row goes when it arrived or was given up. */
  await db.schema
    .createTable('webhook_delivery')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('webhook_id', text, (c) => c.notNull().references('webhook.id'))
    .addColumn('body', text, required)
    .addColumn('status', text, required)
    .addColumn('attempts', 'integer', required)
    .addColumn('due_at', text, required)
    .execute();
  await db.schema.createIndex('webhook_delivery_by_webhook').on('webhook_delivery').columns(['webhook_id', 'due_at']).execute();
};
