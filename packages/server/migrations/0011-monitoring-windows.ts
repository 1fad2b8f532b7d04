import type { Kysely } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

/** Monitors, windows over event time with what was counted in them and what was found, references, and what windows need of feedback. */
export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, rootTable, required } = columnsFor(db);

  /** A monitor as long as it counts the same: other windows, columns or slices are another one, which goes on where this one stood. */
  await rootTable('monitor')
    .addColumn('name', text, required)
    .addColumn('endpoint', text, required)
    .addColumn('endpoint_id', text, required)
    .addColumn('shape', text, required)
    /** 1 for the one in force under its name. */
    .addColumn('current', 'integer', required)
    /** How far the prediction log and the feedback were read. */
    .addColumn('position', text)
    .addColumn('feedback_seq', 'integer', required)
    .addColumn('greatest_event', text)
    .addColumn('last_arrival', text)
    /** Up to here windows are closed. */
    .addColumn('closed_until', text)
    .addColumn('future', 'integer', required)
    .addColumn('past', 'integer', required)
    .addColumn('late', 'integer', required)
    .addColumn('estimates_scored', 'integer', required)
    .addColumn('estimates_held', 'integer', required)
    .addColumn('estimates_error', 'double precision', required)
    .addColumn('created_at', text, required)
    .execute();
  await db.schema
    .createIndex('monitor_current')
    .unique()
    .on('monitor')
    .columns(['project_id', 'name'])
    .where('current' as never, '=', 1)
    .execute();

  await rootTable('monitor_window')
    .addColumn('monitor_id', text, (c) => c.notNull().references('monitor.id'))
    .addColumn('monitor', text, required)
    .addColumn('endpoint', text, required)
    .addColumn('starts', text, required)
    .addColumn('ends', text, required)
    /** 0 while it is open. */
    .addColumn('version', 'integer', required)
    /** Grows with each change of what was counted: a verdict holds for the one it was computed from. */
    .addColumn('revision', 'integer', required)
    .addColumn('judged_revision', 'integer', required)
    .addColumn('judged_at', text)
    /** Since when something waits for another judgement. */
    .addColumn('changed_at', text)
    /** 1 where it had too few rows for a verdict: they count with the next window. */
    .addColumn('carried', 'integer', required)
    .execute();
  await db.schema.createIndex('monitor_window_at').unique().on('monitor_window').columns(['monitor_id', 'starts']).execute();
  await db.schema.createIndex('monitor_window_list').on('monitor_window').columns(['project_id', 'monitor', 'starts', 'id']).execute();

  /** What was counted of one variant and slice. */
  await db.schema
    .createTable('window_part')
    .addColumn('window_id', text, (c) => c.notNull().references('monitor_window.id'))
    .addColumn('part', text, required)
    .addColumn('counted', text, required)
    .addPrimaryKeyConstraint('window_part_key', ['window_id', 'part'] as never)
    .execute();

  /** What was found, one row a version. */
  await db.schema
    .createTable('window_result')
    .addColumn('window_id', text, (c) => c.notNull().references('monitor_window.id'))
    .addColumn('version', 'integer', required)
    .addColumn('latest', 'integer', required)
    .addColumn('judged_at', text, required)
    .addColumn('summary', text, required)
    .addColumn('result', text, required)
    .addPrimaryKeyConstraint('window_result_key', ['window_id', 'version'] as never)
    .execute();

  /** References computed from stored tables, by the digests of all that went in. */
  await rootTable('monitor_reference').addColumn('reference', text, required).addColumn('created_at', text, required).execute();
  /** References from first windows, of one monitor and model version: what is collected so far, or what came of it. */
  await db.schema
    .createTable('learned_reference')
    .addColumn('monitor_id', text, (c) => c.notNull().references('monitor.id'))
    .addColumn('model_version_id', text, required)
    .addColumn('learned', text, required)
    .addPrimaryKeyConstraint('learned_reference_key', ['monitor_id', 'model_version_id'] as never)
    .execute();

  /** Of the prediction that feedback speaks of; null for what was given before. */
  for (const name of ['predicted', 'variant', 'model_version_id', 'mode', 'prediction_time', 'slices'])
    await db.schema.alterTable('feedback').addColumn(name, text).execute();
  await db.schema.alterTable('feedback').addColumn('score', 'double precision').execute();
  /** In the order of recording within a project, without gaps; 0 for what was given before. */
  await db.schema
    .alterTable('feedback')
    .addColumn('seq', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .alterTable('feedback_tally')
    .addColumn('said', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema.createIndex('feedback_by_seq').on('feedback').columns(['project_id', 'endpoint', 'seq']).execute();
  await db.schema.createIndex('feedback_by_time').on('feedback').columns(['project_id', 'endpoint', 'prediction_time']).execute();
};
