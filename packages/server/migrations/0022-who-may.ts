import type { Kysely } from 'kysely';
import { columnsFor } from '../src/platform/db/columns.ts';

/** People with a password, what they may in a project and of single things in it, and tokens for programs. */
export const up = async (db: Kysely<never>): Promise<void> => {
  const { text, required } = columnsFor(db);

  await db.schema
    .createTable('user_account')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('name', text, (c) => c.notNull().unique())
    /** A verifier with the parameters that it was made with; no password can be read from it. */
    .addColumn('password', text, required)
    .addColumn('is_admin', 'integer', required)
    .addColumn('created_at', text, required)
    .execute();

  await db.schema
    .createTable('project_role')
    .addColumn('user_id', text, (c) => c.notNull().references('user_account.id'))
    .addColumn('project_id', text, (c) => c.notNull().references('project.id'))
    .addColumn('level', text, required)
    .addPrimaryKeyConstraint('project_role_pk', ['user_id', 'project_id'])
    .execute();

  await db.schema
    .createTable('subject_grant')
    .addColumn('user_id', text, (c) => c.notNull().references('user_account.id'))
    .addColumn('project_id', text, (c) => c.notNull().references('project.id'))
    .addColumn('subject_type', text, required)
    .addColumn('subject_id', text, required)
    .addColumn('level', text, required)
    .addPrimaryKeyConstraint('subject_grant_pk', ['user_id', 'project_id', 'subject_type', 'subject_id'])
    .execute();
  await db.schema
    .createIndex('subject_grant_by_subject')
    .on('subject_grant')
    .columns(['project_id', 'subject_type', 'subject_id'])
    .execute();

  await db.schema
    .createTable('access_token')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('name', text, required)
    /** SHA-256 of the token, which is random and long. */
    .addColumn('hash', text, (c) => c.notNull().unique())
    /** Whose it is; null for one that nobody's rights bound. */
    .addColumn('user_id', text, (c) => c.references('user_account.id'))
    /** The only project that it opens; null for all. */
    .addColumn('project_id', text, (c) => c.references('project.id'))
    /** JSON: a list of permissions; null for all that its user has. */
    .addColumn('permissions', text)
    .addColumn('created_by', text, required)
    /** The token that it was made with: revoked together. */
    .addColumn('made_with', text, (c) => c.references('access_token.id'))
    .addColumn('created_at', text, required)
    .addColumn('expires_at', text)
    .addColumn('revoked_at', text)
    .execute();
};
