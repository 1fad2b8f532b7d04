import { PostgresAdapter, type RawBuilder, sql } from 'kysely';
import type { Tx } from './tx.ts';

/**
 * The rows of a group as one text of JSON, a list each, in the order of the first column: so one row a group crosses to the
 * thread that asked, and not one a fact. Numbers are exact; whole ones beyond 2^53 have to be cast to text.
 */
export const gathered = (db: Tx, columns: readonly RawBuilder<unknown>[]): RawBuilder<string> => {
  const row = sql.join(columns);
  return db.getExecutor().adapter instanceof PostgresAdapter
    ? sql<string>`cast(json_agg(json_build_array(${row}) order by ${columns[0]}) as text)`
    : sql<string>`json_group_array(json_array(${row}) order by ${columns[0]})`;
};
