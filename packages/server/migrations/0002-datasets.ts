import type { Kysely } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, rootTable, required } = columnsFor(db);

  await rootTable('dataset')
    .addColumn('name', text, required)
    .addColumn('latest', 'integer', required)
    .addColumn('created_at', text, required)
    .addUniqueConstraint('dataset_name', ['project_id', 'name'])
    .execute();

  await rootTable('dataset_version')
    .addColumn('dataset_id', text, (c) => c.notNull().references('dataset.id'))
    .addColumn('number', 'integer', required)
    .addColumn('digest', text, required)
    .addColumn('blob', text, required)
    .addColumn('schema', text, required)
    .addColumn('key', text, required)
    .addColumn('rows', 'bigint', required)
    .addColumn('bytes', 'bigint', required)
    .addColumn('repeated_keys', 'bigint', required)
    .addColumn('columns', text, required)
    .addColumn('source', text, required)
    .addColumn('created_at', text, required)
    .addColumn('created_by', text, required)
    .addColumn('correlation_id', text, required)
    .addUniqueConstraint('dataset_version_number', ['dataset_id', 'number'])
    .execute();
  await db.schema.createIndex('dataset_version_by_digest').on('dataset_version').columns(['project_id', 'digest']).execute();
};
