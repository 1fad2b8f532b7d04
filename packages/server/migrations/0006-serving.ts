import type { Kysely } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, rootTable, required } = columnsFor(db);

  await rootTable('endpoint')
    .addColumn('project', text, required)
    .addColumn('name', text, required)
    .addColumn('environment', text, required)
    .addColumn('deployment_id', text)
    .addColumn('created_at', text, required)
    .addUniqueConstraint('endpoint_name', ['project_id', 'name'])
    .execute();

  await rootTable('deployment')
    .addColumn('endpoint_id', text, (c) => c.notNull().references('endpoint.id'))
    .addColumn('number', 'integer', required)
    .addColumn('variants', text, required)
    .addColumn('reference', text, required)
    .addColumn('log', text, required)
    .addColumn('status', text, required)
    .addColumn('message', text)
    .addColumn('created_at', text, required)
    .addColumn('created_by', text, required)
    .addColumn('correlation_id', text, required)
    .addUniqueConstraint('deployment_number', ['endpoint_id', 'number'])
    .execute();
};
