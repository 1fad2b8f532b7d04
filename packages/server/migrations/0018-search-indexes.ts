import { type Kysely, sql } from 'kysely';

/** What searches go by: the order that pages have, and each value beside its experiment. */
export const up = async (db: Kysely<never>): Promise<void> => {
  // Most searches leave deleted runs out, however many there are.
  await sql`create index run_active_by_start on run (experiment_id, started_at desc, id) where deleted_at is null`.execute(db);
  await sql`create index run_deleted_by_start on run (experiment_id, started_at desc, id) where deleted_at is not null`.execute(db);
  await sql`create index run_by_start on run (experiment_id, started_at desc, id)`.execute(db);
  await sql`create index run_latest_metric_by_value on run_latest_metric (experiment_id, key, value, is_nan, run_id)`.execute(db);
  // Postgres takes no index row above 2,700 bytes: the beginning of a text finds it.
  await sql`create index run_by_name on run (experiment_id, (substr(name, 1, 100)), id)`.execute(db);
  for (const table of ['run_param', 'run_tag'])
    await sql`create index ${sql.ref(`${table}_by_value`)} on ${sql.table(table)} (experiment_id, key, (substr(value, 1, 100)), run_id)`.execute(
      db,
    );
  await sql`create index run_dataset_by_dataset on run_dataset (dataset_id, run_id)`.execute(db);
};
