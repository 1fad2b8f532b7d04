import { type Kysely, sql } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

/** What MLflow's clients know of experiments and runs, and what finds runs by their values. */
export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, required } = columnsFor(db);
  const none = (c: Parameters<typeof required>[0]) => c.notNull().defaultTo('');

  for (const [column, kind] of [
    ['artifact_location', text],
    ['deleted_at', text],
    ['updated_at', text],
  ] as const)
    await db.schema.alterTable('experiment').addColumn(column, kind).execute();
  for (const column of ['user_id', 'deleted_at']) await db.schema.alterTable('run').addColumn(column, text).execute();
  await db.schema
    .createTable('experiment_tag')
    .addColumn('experiment_id', text, (c) => c.notNull().references('experiment.id'))
    .addColumn('key', text, required)
    .addColumn('value', text, required)
    .addPrimaryKeyConstraint('experiment_tag_pk', ['experiment_id', 'key'])
    .execute();

  /** A search goes by an experiment and a value, so the experiment stands beside each. */
  for (const table of ['run_param', 'run_tag', 'run_latest_metric']) {
    await db.schema.alterTable(table).addColumn('experiment_id', text, none).execute();
    await sql`update ${sql.table(table)} set experiment_id = coalesce((select experiment_id from run where run.id = ${sql.table(table)}.run_id), '')`.execute(
      db,
    );
  }

  /** Of a run: tables that are no versions of ours, by what a client says of them. */
  await db.schema
    .createTable('logged_dataset')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('experiment_id', text, required)
    .addColumn('name', text, required)
    .addColumn('digest', text, required)
    .addColumn('source_type', text, required)
    .addColumn('source', text, required)
    .addColumn('schema', text)
    .addColumn('profile', text)
    .addUniqueConstraint('logged_dataset_by_content', ['experiment_id', 'name', 'digest'])
    .execute();
  await db.schema
    .createTable('run_dataset')
    .addColumn('run_id', text, required)
    .addColumn('dataset_id', text, (c) => c.notNull().references('logged_dataset.id'))
    /** JSON: text by text. */
    .addColumn('tags', text, required)
    .addPrimaryKeyConstraint('run_dataset_pk', ['run_id', 'dataset_id'])
    .execute();
  /** Logged models that a run used (`input`) or made (`output`). */
  await db.schema
    .createTable('run_model')
    .addColumn('run_id', text, required)
    .addColumn('model_id', text, required)
    .addColumn('direction', text, required)
    .addColumn('step', 'bigint', required)
    .addPrimaryKeyConstraint('run_model_pk', ['run_id', 'model_id', 'direction'])
    .execute();
};
