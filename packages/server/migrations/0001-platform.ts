import type { Kysely } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, rootTable, required } = columnsFor(db);

  await db.schema
    .createTable('project')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('name', text, (c) => c.notNull().unique())
    .addColumn('problem', text, required)
    .addColumn('manifest_id', text)
    .addColumn('created_at', text, required)
    .execute();

  await rootTable('manifest')
    .addColumn('number', 'integer', required)
    .addColumn('digest', text, required)
    .addColumn('manifest', text, required)
    .addColumn('applied_at', text, required)
    .addColumn('applied_by', text, required)
    .addUniqueConstraint('manifest_number', ['project_id', 'number'])
    .execute();

  await db.schema
    .createTable('event')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('seq', 'bigint', (c) => c.unique())
    .addColumn('project_id', text, required)
    .addColumn('project', text, required)
    .addColumn('type', text, required)
    .addColumn('subject_type', text, required)
    .addColumn('subject_id', text, required)
    .addColumn('actor', text, required)
    .addColumn('correlation_id', text)
    .addColumn('at', text, required)
    .addColumn('data', text, required)
    .execute();
  await db.schema.createIndex('event_by_project').on('event').columns(['project_id', 'seq']).execute();
  await db.schema.createIndex('event_by_correlation').on('event').columns(['project_id', 'correlation_id', 'seq']).execute();
  await db.schema
    .createIndex('event_unnumbered')
    .on('event')
    .column('id')
    .where('seq' as never, 'is', null)
    .execute();

  await db.schema
    .createTable('event_sequence')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('last', 'bigint', required)
    .execute();
  await db.withTables<{ event_sequence: { id: number; last: number } }>().insertInto('event_sequence').values({ id: 1, last: 0 }).execute();

  await db.schema
    .createTable('idempotency_key')
    .addColumn('project_id', text, required)
    .addColumn('route', text, required)
    .addColumn('key', text, required)
    .addColumn('fingerprint', text, required)
    .addColumn('answer', text, required)
    .addColumn('created_at', text, required)
    .addPrimaryKeyConstraint('idempotency_key_pk', ['project_id', 'route', 'key'])
    .execute();

  /** Which project may read which blob: to know a digest is not to be allowed to read it. */
  await db.schema
    .createTable('blob_ref')
    .addColumn('project_id', text, required)
    .addColumn('digest', text, required)
    .addColumn('created_at', text, required)
    .addPrimaryKeyConstraint('blob_ref_pk', ['project_id', 'digest'])
    .execute();

  await rootTable('secret')
    .addColumn('name', text, required)
    .addColumn('sealed', text, required)
    .addColumn('updated_at', text, required)
    .addUniqueConstraint('secret_name', ['project_id', 'name'])
    .execute();
};
