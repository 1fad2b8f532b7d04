import type { Kysely } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

/** Models that a run logged, with what was said and measured of each. */
export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, rootTable, required } = columnsFor(db);
  await rootTable('logged_model')
    .addColumn('experiment_id', text, required)
    .addColumn('name', text, required)
    .addColumn('model_type', text)
    .addColumn('source_run_id', text)
    .addColumn('status', text, required)
    .addColumn('artifact_uri', text, required)
    .addColumn('created_at', text, required)
    .addColumn('updated_at', text, required)
    .addColumn('deleted_at', text)
    .addColumn('created_by', text, required)
    .execute();
  await db.schema.createIndex('logged_model_newest').on('logged_model').columns(['experiment_id', 'created_at', 'id']).execute();
  await db.schema.createIndex('logged_model_run').on('logged_model').columns(['source_run_id', 'name']).execute();

  for (const table of ['logged_model_tag', 'logged_model_param'])
    await db.schema
      .createTable(table)
      .addColumn('model_id', text, (c) => c.notNull().references('logged_model.id'))
      .addColumn('key', text, required)
      .addColumn('value', text, required)
      .addPrimaryKeyConstraint(`${table}_pk`, ['model_id', 'key'])
      .execute();

  /** The latest value of each metric by the run that measured it, on each data set. */
  await db.schema
    .createTable('logged_model_metric')
    .addColumn('model_id', text, (c) => c.notNull().references('logged_model.id'))
    .addColumn('key', text, required)
    .addColumn('run_id', text, required)
    /** `''` where none was said. */
    .addColumn('dataset_name', text, required)
    .addColumn('dataset_digest', text, required)
    .addColumn('step', 'bigint', required)
    .addColumn('time', 'bigint', required)
    .addColumn('is_nan', 'integer', required)
    .addColumn('value', 'double precision', required)
    .addPrimaryKeyConstraint('logged_model_metric_pk', ['model_id', 'key', 'run_id', 'dataset_name', 'dataset_digest'])
    .execute();
};
