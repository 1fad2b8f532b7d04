import { type ColumnBuilderCallback, type CreateTableBuilder, type Kysely, PostgresAdapter, sql } from 'kysely';

const required: ColumnBuilderCallback = (c) => c.notNull();

/**
 * The kinds of column that both databases have. Text compares byte by byte on both; times are text in ISO 8601 UTC, JSON and
 * ids are text, truth is 0 or 1: so a row reads the same everywhere.
 */
export const columnsFor = (db: Kysely<never>) => {
  const isPostgres = db.getExecutor().adapter instanceof PostgresAdapter;
  const text = isPostgres ? sql`text collate "C"` : sql`text`;
  return {
    text,
    bytes: isPostgres ? sql`bytea` : sql`blob`,
    /** A table that belongs to a project: its id and the project's. */
    rootTable: <N extends string>(name: N): CreateTableBuilder<N, 'id' | 'project_id'> =>
      db.schema
        .createTable(name)
        .addColumn('id', text, (c) => c.primaryKey())
        .addColumn('project_id', text, (c) => c.notNull().references('project.id')) as never,
    required,
  };
};
