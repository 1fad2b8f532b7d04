import type { Kysely } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

/** What starts pipelines without anybody asking, and each time that it did. */
export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, rootTable, required } = columnsFor(db);

  await rootTable('pipeline_trigger')
    .addColumn('pipeline', text, required)
    .addColumn('name', text, required)
    .addColumn('spec', text, required)
    /** Of a schedule. */
    .addColumn('next_due', text)
    /** Of a dataset: its newest version that was looked at. */
    .addColumn('seen', 'integer')
    .addColumn('passed_over', 'integer', required)
    .addColumn('created_at', text, required)
    .addUniqueConstraint('pipeline_trigger_once', ['project_id', 'pipeline', 'spec'])
    .execute();

  await rootTable('trigger_firing')
    .addColumn('pipeline', text, required)
    .addColumn('trigger_name', text, required)
    /** A due time or a dataset version: a pipeline runs at most once for it. */
    .addColumn('cause', text, required)
    .addColumn('due', text)
    .addColumn('params', text, required)
    .addColumn('inputs', text, required)
    .addColumn('status', text, required)
    .addColumn('pipeline_run_id', text)
    .addColumn('message', text)
    .addColumn('created_at', text, required)
    .addUniqueConstraint('trigger_firing_once', ['project_id', 'pipeline', 'cause'])
    .execute();
  await db.schema
    .createIndex('trigger_firing_waiting')
    .on('trigger_firing')
    .columns(['project_id', 'id'])
    .where('status' as never, '=', 'waiting')
    .execute();
};
