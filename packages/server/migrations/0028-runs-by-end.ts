import { type Kysely, sql } from 'kysely';

/** Runs in the order they ended: without it each page sorts a whole experiment. */
export const up = async (db: Kysely<never>): Promise<void> => {
  await sql`create index run_active_by_end on run (experiment_id, ended_at, id) where deleted_at is null and ended_at is not null`.execute(
    db,
  );
};
