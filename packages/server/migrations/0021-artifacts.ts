import { type Kysely, sql } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

/** Files of runs, logged models, traces and of the project itself are one table; what is sent in parts stands beside it until it is whole. */
export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, rootTable, required } = columnsFor(db);

  await db.schema
    .createTable('artifact')
    /** `run:<id>`, `model:<id>`, `trace:<id>` or `project:<id>`. */
    .addColumn('owner', text, required)
    .addColumn('path', text, required)
    .addColumn('blob', text, required)
    .addColumn('size', 'bigint', required)
    .addColumn('created_at', text, required)
    .addPrimaryKeyConstraint('artifact_pk', ['owner', 'path'])
    .execute();
  await sql`
    insert into artifact (owner, path, blob, size, created_at)
    select 'run:' || run_id, path, blob, size, coalesce((select started_at from run where run.id = run_artifact.run_id), '')
    from run_artifact`.execute(db);
  await db.schema.dropTable('run_artifact').execute();

  await rootTable('artifact_upload')
    .addColumn('owner', text, required)
    .addColumn('path', text, required)
    .addColumn('created_at', text, required)
    /** What it became, once it is whole. */
    .addColumn('blob', text)
    .addColumn('size', 'bigint')
    .execute();
  await db.schema.createIndex('artifact_upload_by_age').on('artifact_upload').column('created_at').execute();
  await db.schema
    .createTable('artifact_part')
    .addColumn('upload_id', text, required)
    .addColumn('number', 'integer', required)
    .addColumn('digest', text, required)
    .addColumn('size', 'bigint', required)
    .addPrimaryKeyConstraint('artifact_part_pk', ['upload_id', 'number'])
    .execute();
};
