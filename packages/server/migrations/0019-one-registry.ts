import { type Kysely, sql } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

/** Children first, for they go before their parents and come after them. */
const rebuilt = ['gate_judgement', 'model_alias', 'model_version', 'registered_model'] as const;

/** Models and versions as clients know them too: a version need not be a package, and two may hold the same one. */
export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, rootTable, required } = columnsFor(db);
  const empty = (c: Parameters<typeof required>[0]) => c.notNull().defaultTo('');

  // SQLite can neither loosen a column nor drop a constraint: what is there is laid aside, and comes back.
  for (const table of rebuilt) {
    await sql`create table ${sql.table(`former_${table}`)} as select * from ${sql.table(table)}`.execute(db);
    await db.schema.dropTable(table).execute();
  }

  await rootTable('registered_model')
    .addColumn('name', text, required)
    .addColumn('latest', 'integer', required)
    .addColumn('description', text, empty)
    .addColumn('created_at', text, required)
    .addColumn('updated_at', text, required)
    .addColumn('deleted_at', text)
    .execute();
  /** A removed model's name is free. */
  await db.schema
    .createIndex('registered_model_name')
    .unique()
    .on('registered_model')
    .columns(['project_id', 'name'])
    .where('deleted_at' as never, 'is', null)
    .execute();

  await rootTable('model_version')
    .addColumn('model_id', text, (c) => c.notNull().references('registered_model.id'))
    .addColumn('number', 'integer', required)
    .addColumn('digest', text)
    .addColumn('task', text)
    .addColumn('signature', text)
    .addColumn('labels', text, required)
    .addColumn('source', text)
    /** Where the source led when it was registered. */
    .addColumn('location', text)
    .addColumn('logged_model_id', text)
    .addColumn('description', text, empty)
    .addColumn('stage', text, (c) => c.notNull().defaultTo('none'))
    .addColumn('run_link', text)
    .addColumn('run_id', text)
    .addColumn('step_run_id', text)
    .addColumn('evidence', text, required)
    .addColumn('predictions', text)
    .addColumn('predictions_tree', text)
    .addColumn('created_at', text, required)
    .addColumn('updated_at', text, required)
    .addColumn('deleted_at', text)
    .addColumn('created_by', text, required)
    .addColumn('correlation_id', text, required)
    .addUniqueConstraint('model_version_number', ['model_id', 'number'])
    .execute();
  for (const [name, columns] of [
    ['model_version_digest', ['model_id', 'digest']],
    ['model_version_stage', ['model_id', 'stage', 'number']],
    ['model_version_updated', ['project_id', 'updated_at']],
    ['model_version_run', ['project_id', 'run_id']],
    ['model_version_logged_model', ['project_id', 'logged_model_id']],
  ] as const)
    await db.schema
      .createIndex(name)
      .on('model_version')
      .columns([...columns])
      .execute();

  await db.schema
    .createTable('model_alias')
    .addColumn('model_id', text, (c) => c.notNull().references('registered_model.id'))
    .addColumn('alias', text, required)
    .addColumn('number', 'integer', required)
    .addPrimaryKeyConstraint('model_alias_pk', ['model_id', 'alias'])
    .addForeignKeyConstraint('model_alias_version', ['model_id', 'number'], 'model_version', ['model_id', 'number'])
    .execute();
  await rootTable('gate_judgement')
    .addColumn('model_version_id', text, (c) => c.notNull().references('model_version.id'))
    .addColumn('endpoint', text, required)
    .addColumn('champion', 'integer')
    .addColumn('passed', 'integer', required)
    .addColumn('gates', text, required)
    .addColumn('judged_at', text, required)
    .addColumn('judged_by', text, required)
    .execute();
  await db.schema
    .createIndex('gate_judgement_latest')
    .on('gate_judgement')
    .columns(['project_id', 'model_version_id', 'endpoint', 'id'])
    .execute();

  await sql`insert into registered_model (id, project_id, name, latest, created_at, updated_at)
    select id, project_id, name, latest, created_at, created_at from former_registered_model`.execute(db);
  const kept = sql.raw(`id, project_id, model_id, number, digest, task, signature, labels, run_id, step_run_id, evidence, predictions,
    predictions_tree, created_at, created_by, correlation_id`);
  await sql`insert into model_version (${kept}, updated_at) select ${kept}, created_at from former_model_version`.execute(db);
  await sql`insert into model_alias select model_id, alias, number from former_model_alias`.execute(db);
  await sql`insert into gate_judgement select id, project_id, model_version_id, endpoint, champion, passed, gates, judged_at, judged_by
    from former_gate_judgement`.execute(db);
  for (const table of rebuilt) await db.schema.dropTable(`former_${table}`).execute();

  for (const [table, owner, parent] of [
    ['registered_model_tag', 'model_id', 'registered_model.id'],
    ['model_version_tag', 'version_id', 'model_version.id'],
  ] as const)
    await db.schema
      .createTable(table)
      .addColumn(owner, text, (c) => c.notNull().references(parent))
      .addColumn('key', text, required)
      .addColumn('value', text, required)
      .addPrimaryKeyConstraint(`${table}_pk`, [owner, 'key'])
      .execute();
};
