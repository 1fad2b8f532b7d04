import type { Kysely } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, rootTable, required } = columnsFor(db);

  await rootTable('experiment')
    .addColumn('name', text, required)
    .addColumn('created_at', text, required)
    .addUniqueConstraint('experiment_name', ['project_id', 'name'])
    .execute();

  /** One sequence for all projects: MLflow's clients know experiments by a number alone. */
  await db.schema
    .createTable('experiment_sequence')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('last', 'bigint', required)
    .execute();
  await db
    .withTables<{ experiment_sequence: { id: number; last: number } }>()
    .insertInto('experiment_sequence')
    .values({ id: 1, last: 0 })
    .execute();

  await rootTable('run')
    .addColumn('experiment_id', text, (c) => c.notNull().references('experiment.id'))
    .addColumn('name', text, required)
    .addColumn('status', text, required)
    .addColumn('parent_run_id', text)
    .addColumn('step_run_id', text)
    .addColumn('started_at', text, required)
    .addColumn('ended_at', text)
    .addColumn('commit_id', text)
    .addColumn('changes', text)
    .addColumn('code_digest', text)
    .addColumn('seed', text)
    .addColumn('environment', text)
    .addColumn('resources', text)
    .addColumn('correlation_id', text, required)
    .execute();
  await db.schema.createIndex('run_by_project').on('run').columns(['project_id', 'id']).execute();
  await db.schema.createIndex('run_by_experiment').on('run').columns(['project_id', 'experiment_id', 'id']).execute();
  await db.schema
    .createIndex('run_by_parent')
    .on('run')
    .columns(['project_id', 'parent_run_id', 'id'])
    .where('parent_run_id' as never, 'is not', null)
    .execute();

  for (const table of ['run_param', 'run_tag']) {
    await db.schema
      .createTable(table)
      .addColumn('run_id', text, required)
      .addColumn('key', text, required)
      .addColumn('value', text, required)
      .addPrimaryKeyConstraint(`${table}_pk`, ['run_id', 'key'])
      .execute();
  }

  await db.schema
    .createTable('run_input')
    .addColumn('run_id', text, required)
    .addColumn('dataset', text, required)
    .addColumn('number', 'integer', required)
    .addColumn('digest', text, required)
    .addColumn('context', text, required)
    .addPrimaryKeyConstraint('run_input_pk', ['run_id', 'dataset', 'number', 'digest', 'context'])
    .execute();

  /** SQLite has no NaN: the flag stands for it, and the value is 0. The key drops exact repeats and is the order of a history. */
  const point = (table: string) =>
    db.schema
      .createTable(table)
      .addColumn('run_id', text, required)
      .addColumn('key', text, required)
      .addColumn('step', 'bigint', required)
      .addColumn('time', 'bigint', required)
      .addColumn('is_nan', 'integer', required)
      .addColumn('value', 'double precision', required);
  await point('run_metric').addPrimaryKeyConstraint('run_metric_pk', ['run_id', 'key', 'step', 'time', 'is_nan', 'value']).execute();
  await point('run_latest_metric').addPrimaryKeyConstraint('run_latest_metric_pk', ['run_id', 'key']).execute();

  await db.schema
    .createTable('run_artifact')
    .addColumn('run_id', text, required)
    .addColumn('path', text, required)
    .addColumn('blob', text, required)
    .addColumn('size', 'bigint', required)
    .addPrimaryKeyConstraint('run_artifact_pk', ['run_id', 'path'])
    .execute();
};
