import type { Kysely } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

/** Traces of an application, their spans, and what people and judges say of them. */
export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, rootTable, required } = columnsFor(db);
  const ofTrace = <N extends string>(name: N) =>
    db.schema.createTable(name).addColumn('trace_id', text, (c) => c.notNull().references('trace.id'));

  await rootTable('trace')
    .addColumn('experiment_id', text, required)
    .addColumn('client_request_id', text)
    .addColumn('request_preview', text)
    .addColumn('response_preview', text)
    /** Milliseconds since the epoch, and of how long it took. */
    .addColumn('requested_at', 'bigint', required)
    .addColumn('duration', 'bigint')
    .addColumn('state', text, required)
    .execute();
  await db.schema.createIndex('trace_newest').on('trace').columns(['experiment_id', 'requested_at', 'id']).execute();

  for (const table of ['trace_tag', 'trace_metadata'])
    await ofTrace(table)
      .addColumn('key', text, required)
      .addColumn('value', text, required)
      .addPrimaryKeyConstraint(`${table}_pk`, ['trace_id', 'key'])
      .execute();

  await ofTrace('trace_run').addColumn('run_id', text, required).addPrimaryKeyConstraint('trace_run_pk', ['trace_id', 'run_id']).execute();
  await db.schema.createIndex('trace_run_run').on('trace_run').column('run_id').execute();

  await ofTrace('span')
    .addColumn('span_id', text, required)
    .addColumn('parent_id', text)
    .addColumn('name', text, required)
    .addColumn('type', text, required)
    .addColumn('status', text, required)
    .addColumn('start_ns', 'bigint', required)
    .addColumn('end_ns', 'bigint')
    .addColumn('input_tokens', 'bigint')
    .addColumn('output_tokens', 'bigint')
    .addColumn('total_tokens', 'bigint')
    .addColumn('input_cost', 'double precision')
    .addColumn('output_cost', 'double precision')
    .addColumn('total_cost', 'double precision')
    .addColumn('attributes', text, required)
    /** What nobody searches by: events, links and the like. */
    .addColumn('rest', text, required)
    .addPrimaryKeyConstraint('span_pk', ['trace_id', 'span_id'])
    .execute();
  await db.schema.createIndex('span_by_start').on('span').columns(['trace_id', 'start_ns', 'span_id']).execute();

  await ofTrace('assessment')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('span_id', text)
    .addColumn('name', text, required)
    .addColumn('kind', text, required)
    /** As it is compared: a text as it stands, all else as JSON. */
    .addColumn('value', text)
    .addColumn('created_at', 'bigint', required)
    /** The whole of it. */
    .addColumn('body', text, required)
    .execute();
  await db.schema.createIndex('assessment_of_trace').on('assessment').columns(['trace_id', 'kind', 'name']).execute();
};
