import type { Kysely } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, rootTable, required } = columnsFor(db);

  await rootTable('pipeline_run')
    .addColumn('pipeline', text, required)
    .addColumn('number', 'integer', required)
    .addColumn('status', text, required)
    .addColumn('manifest_id', text, required)
    .addColumn('plan', text, required)
    .addColumn('params', text, required)
    .addColumn('inputs', text, required)
    .addColumn('salt', text, required)
    .addColumn('use_cache', 'integer', required)
    .addColumn('reproduces', text)
    .addColumn('run_id', text)
    .addColumn('outputs', text, required)
    .addColumn('started_at', text, required)
    .addColumn('ended_at', text)
    .addColumn('started_by', text, required)
    .addColumn('correlation_id', text, required)
    .addUniqueConstraint('pipeline_run_number', ['project_id', 'pipeline', 'number'])
    .execute();
  await db.schema
    .createIndex('pipeline_run_active')
    .on('pipeline_run')
    .column('status')
    .where('status' as never, '=', 'running')
    .execute();

  await rootTable('step_run')
    .addColumn('pipeline_run_id', text, (c) => c.notNull().references('pipeline_run.id'))
    .addColumn('position', 'integer', required)
    .addColumn('step', text, required)
    .addColumn('status', text, required)
    .addColumn('attempt', 'integer', required)
    .addColumn('not_before', text)
    .addColumn('cache_key', text)
    .addColumn('key_parts', text)
    .addColumn('uncached_because', text)
    /** Whoever holds a key computes it; the others wait. Set while queued or running. */
    .addColumn('flight', text)
    .addColumn('cached_from', text)
    .addColumn('run_id', text)
    .addColumn('inputs', text)
    .addColumn('outputs', text, required)
    .addColumn('failure', text)
    .addColumn('queued_at', text)
    .addColumn('started_at', text)
    .addColumn('ended_at', text)
    .addUniqueConstraint('step_run_once', ['pipeline_run_id', 'step'])
    .addUniqueConstraint('step_run_flight', ['project_id', 'flight'])
    .execute();
  await db.schema.createIndex('step_run_by_step').on('step_run').columns(['project_id', 'step', 'id']).execute();

  await db.schema
    .createTable('attempt')
    .addColumn('step_run_id', text, (c) => c.notNull().references('step_run.id'))
    .addColumn('number', 'integer', required)
    .addColumn('status', text, required)
    .addColumn('run_id', text)
    .addColumn('started_at', text, required)
    .addColumn('ended_at', text)
    .addColumn('failure', text)
    .addPrimaryKeyConstraint('attempt_pk', ['step_run_id', 'number'])
    .execute();

  await db.schema
    .createTable('cache_entry')
    .addColumn('project_id', text, required)
    .addColumn('key', text, required)
    .addColumn('step_run_id', text, required)
    .addColumn('outputs', text, required)
    .addColumn('created_at', text, required)
    .addPrimaryKeyConstraint('cache_entry_pk', ['project_id', 'key'])
    .execute();
};
