import type { Kysely } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

/** Retrainings, one for a cause, and how far each project's news was read for causes. */
export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, rootTable, required } = columnsFor(db);

  await rootTable('retraining')
    .addColumn('monitor', text, required)
    .addColumn('endpoint', text, required)
    .addColumn('pipeline', text, required)
    .addColumn('cause', text, required)
    .addColumn('because', text, required)
    .addColumn('status', text, required)
    /** The pipeline while it is under way, so that there is one at a time. */
    .addColumn('flight', text)
    .addColumn('reason', text)
    .addColumn('message', text)
    /** Labels up to here were taken. */
    .addColumn('labels_until', 'integer')
    .addColumn('rows', text)
    .addColumn('dataset_version', text)
    .addColumn('pipeline_run_id', text)
    .addColumn('model', text)
    .addColumn('model_version', 'integer')
    .addColumn('rollout_id', text)
    .addColumn('asked_at', text, required)
    .addColumn('asked_by', text, required)
    .addColumn('started_at', text)
    .addColumn('ended_at', text)
    .addColumn('correlation_id', text, required)
    .addUniqueConstraint('retraining_cause', ['project_id', 'monitor', 'cause'])
    .addUniqueConstraint('retraining_flight', ['project_id', 'flight'])
    .execute();
  await db.schema
    .createIndex('retraining_open')
    .on('retraining')
    .columns(['project_id', 'id'])
    .where('ended_at' as never, 'is', null)
    .execute();

  await db.schema
    .createTable('retraining_reading')
    .addColumn('project_id', text, (c) => c.primaryKey().references('project.id'))
    .addColumn('seq', 'integer', required)
    /** Monitors whose last window had faults in its data, and what they were. */
    .addColumn('faults', text, required)
    .execute();
};
