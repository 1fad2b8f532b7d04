import type { Kysely } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

/** What applications are evaluated with: sets of examples, scorers, and what sums over traces are made of. */
export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, rootTable, required } = columnsFor(db);
  const ofDataset = <N extends string>(name: N) =>
    db.schema.createTable(name).addColumn('dataset_id', text, (c) => c.notNull().references('evaluation_dataset.id'));

  await rootTable('evaluation_dataset')
    .addColumn('name', text, required)
    /** JSON: the kind of each field that its records have. */
    .addColumn('fields', text)
    .addColumn('records', 'bigint', required)
    .addColumn('digest', text, required)
    /** Milliseconds since the epoch. */
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .addColumn('created_by', text)
    .addColumn('updated_by', text)
    .execute();
  await db.schema.createIndex('evaluation_dataset_newest').on('evaluation_dataset').columns(['project_id', 'created_at', 'id']).execute();

  await ofDataset('evaluation_dataset_tag')
    .addColumn('key', text, required)
    .addColumn('value', text, required)
    .addPrimaryKeyConstraint('evaluation_dataset_tag_pk', ['dataset_id', 'key'])
    .execute();
  await ofDataset('evaluation_dataset_experiment')
    .addColumn('experiment_id', text, required)
    .addPrimaryKeyConstraint('evaluation_dataset_experiment_pk', ['dataset_id', 'experiment_id'])
    .execute();
  await db.schema
    .createIndex('evaluation_dataset_of_experiment')
    .on('evaluation_dataset_experiment')
    .columns(['experiment_id', 'dataset_id'])
    .execute();

  await ofDataset('evaluation_record')
    .addColumn('id', text, (c) => c.primaryKey())
    /** What names the inputs: a set has one record of each. */
    .addColumn('input_hash', text, required)
    /** JSON, each of them. */
    .addColumn('inputs', text, required)
    .addColumn('outputs', text)
    .addColumn('expectations', text)
    .addColumn('tags', text, required)
    .addColumn('source', text)
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .addColumn('created_by', text)
    .addColumn('updated_by', text)
    .execute();
  await db.schema.createIndex('evaluation_record_input').on('evaluation_record').columns(['dataset_id', 'input_hash']).unique().execute();
  await db.schema.createIndex('evaluation_record_page').on('evaluation_record').columns(['dataset_id', 'id']).execute();

  await rootTable('scorer')
    .addColumn('experiment_id', text, required)
    .addColumn('name', text, required)
    /** No number is given twice. */
    .addColumn('last_version', 'integer', required)
    .execute();
  await db.schema.createIndex('scorer_name').on('scorer').columns(['experiment_id', 'name']).unique().execute();
  await db.schema
    .createTable('scorer_version')
    .addColumn('scorer_id', text, (c) => c.notNull().references('scorer.id'))
    .addColumn('version', 'integer', required)
    .addColumn('body', text, required)
    .addColumn('created_at', 'bigint', required)
    .addPrimaryKeyConstraint('scorer_version_pk', ['scorer_id', 'version'])
    .execute();

  for (const column of ['input_tokens', 'output_tokens', 'total_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'])
    await db.schema.alterTable('trace').addColumn(column, 'bigint').execute();
  const assessment = () => db.schema.alterTable('assessment');
  await assessment()
    .addColumn('is_valid', 'integer', (c) => c.notNull().defaultTo(1))
    .execute();
  /** What was said as JSON, and as a number where it means one. */
  await assessment().addColumn('said', text).execute();
  await assessment().addColumn('amount', 'double precision').execute();
};
