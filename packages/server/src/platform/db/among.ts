import { PostgresAdapter, type RawBuilder, sql } from 'kysely';
import type { Tx } from './tx.ts';

/**
 * Whether a column is one of some ids, for reading rows by an index of it. However many they are, they are one parameter, so that
 * statements stay the same; and Postgres takes them for few, where it would read whole tables that it has no statistics of.
 */
export const among = (db: Tx, column: RawBuilder<unknown>, ids: readonly string[]): RawBuilder<boolean> =>
  db.getExecutor().adapter instanceof PostgresAdapter
    ? sql<boolean>`${column} = any(array(select unnest(cast(${ids} as text[]))))`
    : sql<boolean>`${column} in (select value from json_each(${JSON.stringify(ids)}))`;
