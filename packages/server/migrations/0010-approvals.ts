import type { Kysely } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

/** What gates said of versions, and what people agreed to. */
export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, rootTable, required } = columnsFor(db);

  /** The folder of the predictions that a version's evidence was computed from, so that two versions can be compared row by row. */
  await db.schema.alterTable('model_version').addColumn('predictions_tree', text).execute();

  await rootTable('gate_judgement')
    .addColumn('model_version_id', text, (c) => c.notNull().references('model_version.id'))
    .addColumn('endpoint', text, required)
    .addColumn('champion', 'integer')
    .addColumn('passed', 'integer', required)
    .addColumn('gates', text, required)
    .addColumn('judged_at', text, required)
    .addColumn('judged_by', text, required)
    .execute();
  await db.schema
    .createIndex('gate_judgement_latest')
    .on('gate_judgement')
    .columns(['project_id', 'model_version_id', 'endpoint', 'id'])
    .execute();

  await rootTable('approval')
    .addColumn('subject_type', text, required)
    .addColumn('subject_id', text, required)
    .addColumn('message', text, required)
    .addColumn('needed', 'integer', required)
    /** 1 where none of the authors may approve. */
    .addColumn('four_eyes', 'integer', required)
    .addColumn('authors', text, required)
    .addColumn('status', text, required)
    .addColumn('asked_by', text, required)
    .addColumn('asked_at', text, required)
    .addColumn('ended_at', text)
    .addColumn('correlation_id', text)
    /** One question for one thing, however often it is asked. */
    .addUniqueConstraint('approval_subject', ['project_id', 'subject_type', 'subject_id'])
    .execute();
  await db.schema
    .createTable('approval_vote')
    .addColumn('approval_id', text, (c) => c.notNull().references('approval.id'))
    .addColumn('by', text, required)
    .addColumn('approve', 'integer', required)
    .addColumn('comment', text, required)
    .addColumn('at', text, required)
    .addPrimaryKeyConstraint('approval_vote_pk', ['approval_id', 'by'])
    .execute();
};
