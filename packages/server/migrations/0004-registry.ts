import type { Kysely } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, rootTable, required } = columnsFor(db);

  await rootTable('registered_model')
    .addColumn('name', text, required)
    .addColumn('latest', 'integer', required)
    .addColumn('created_at', text, required)
    .addUniqueConstraint('registered_model_name', ['project_id', 'name'])
    .execute();

  await rootTable('model_version')
    .addColumn('model_id', text, (c) => c.notNull().references('registered_model.id'))
    .addColumn('number', 'integer', required)
    .addColumn('digest', text, required)
    .addColumn('task', text, required)
    .addColumn('signature', text, required)
    .addColumn('labels', text, required)
    .addColumn('run_id', text)
    .addColumn('step_run_id', text)
    .addColumn('evidence', text, required)
    .addColumn('predictions', text)
    .addColumn('created_at', text, required)
    .addColumn('created_by', text, required)
    .addColumn('correlation_id', text, required)
    .addUniqueConstraint('model_version_number', ['model_id', 'number'])
    .addUniqueConstraint('model_version_digest', ['model_id', 'digest'])
    .execute();

  await db.schema
    .createTable('model_alias')
    .addColumn('model_id', text, (c) => c.notNull().references('registered_model.id'))
    .addColumn('alias', text, required)
    .addColumn('number', 'integer', required)
    .addPrimaryKeyConstraint('model_alias_pk', ['model_id', 'alias'])
    .addForeignKeyConstraint('model_alias_version', ['model_id', 'number'], 'model_version', ['model_id', 'number'])
    .execute();
};
