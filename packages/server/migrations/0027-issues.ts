import type { Kysely } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

/** What is wrong with an application, as people and judges found it in its traces. */
export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, rootTable, required } = columnsFor(db);

  await rootTable('issue')
    .addColumn('experiment_id', text, required)
    .addColumn('name', text, required)
    .addColumn('description', text, required)
    .addColumn('status', text, required)
    .addColumn('severity', text)
    /** Lists of texts, as JSON. */
    .addColumn('root_causes', text, required)
    .addColumn('categories', text, required)
    .addColumn('source_run_id', text)
    .addColumn('created_by', text)
    /** Milliseconds since the epoch. */
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .execute();
  await db.schema.createIndex('issue_newest').on('issue').columns(['experiment_id', 'created_at', 'id']).execute();
  await db.schema.createIndex('issue_of_run').on('issue').column('source_run_id').execute();
  // An assessment of this kind is named by the issue.
  await db.schema
    .createIndex('assessment_of_issue')
    .on('assessment')
    .columns(['name', 'trace_id'])
    .where('kind' as never, '=', 'issue')
    .execute();
};
