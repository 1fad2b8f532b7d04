import type { Kysely } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, rootTable, required } = columnsFor(db);

  await rootTable('alert')
    .addColumn('monitor', text, required)
    .addColumn('endpoint', text, required)
    .addColumn('rule', text, required)
    .addColumn('group_key', text, required)
    .addColumn('status', text, required)
    /** The alert as it is shown. */
    .addColumn('alert', text, required)
    .addColumn('channels', text, required)
    /** What its channels were told: `nothing`, `firing`, `resolved`. */
    .addColumn('told', text, required)
    .addColumn('correlation_id', text, required)
    .execute();
  await db.schema.createIndex('alert_newest').on('alert').columns(['project_id', 'id']).execute();
  await db.schema
    .createIndex('alert_firing')
    .unique()
    .on('alert')
    .columns(['project_id', 'monitor', 'rule', 'group_key'])
    .where('status' as never, '=', 'firing')
    .execute();

  await rootTable('silence')
    .addColumn('matchers', text, required)
    .addColumn('from_at', text, required)
    .addColumn('until_at', text, required)
    .addColumn('comment', text, required)
    .addColumn('created_at', text, required)
    .addColumn('created_by', text, required)
    .addColumn('removed_at', text)
    .execute();

  /** How far a monitor's rules have read, and where event time stands. */
  await db.schema
    .createTable('alert_watch')
    .addColumn('project_id', text, (c) => c.notNull().references('project.id'))
    .addColumn('monitor', text, required)
    .addColumn('state', text, required)
    .addPrimaryKeyConstraint('alert_watch_key', ['project_id', 'monitor'])
    .execute();
  await db.schema
    .createTable('alert_group')
    .addColumn('project_id', text, (c) => c.notNull().references('project.id'))
    .addColumn('monitor', text, required)
    .addColumn('rule', text, required)
    .addColumn('group_key', text, required)
    .addColumn('state', text, required)
    .addPrimaryKeyConstraint('alert_group_key', ['project_id', 'monitor', 'rule', 'group_key'])
    .execute();
};
