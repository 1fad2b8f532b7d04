import type { Kysely } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, rootTable, required } = columnsFor(db);

  await rootTable('feedback')
    .addColumn('prediction_id', text, required)
    .addColumn('endpoint', text, required)
    .addColumn('label', text, required)
    .addColumn('comment', text)
    .addColumn('supersedes', text, (c) => c.references('feedback.id'))
    /** 1 for the newest of a prediction, which counts. */
    .addColumn('current', 'integer', required)
    .addColumn('agreed', 'integer', required)
    .addColumn('event_time', text, required)
    .addColumn('arrival_time', text, required)
    .addColumn('given_by', text, required)
    .execute();
  await db.schema.createIndex('feedback_by_prediction').on('feedback').columns(['project_id', 'prediction_id', 'id']).execute();
  await db.schema
    .createIndex('feedback_current')
    .unique()
    .on('feedback')
    .columns(['project_id', 'prediction_id'])
    .where('current' as never, '=', 1)
    .execute();

  /** What counts in a project. A call that gives feedback holds the row, so that calls do not cross. */
  await db.schema
    .createTable('feedback_tally')
    .addColumn('project_id', text, (c) => c.primaryKey().references('project.id'))
    .addColumn('feedback', 'integer', required)
    .addColumn('agreed', 'integer', required)
    .execute();
};
