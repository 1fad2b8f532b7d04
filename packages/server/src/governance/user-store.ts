import type { Paging } from '@boucle/contract';
import { decodeCursor, pageOf, type Tx } from '../platform/index.ts';
import type { Subject } from './access.ts';
import type { ProjectRef } from './actor.ts';
import type { Level } from './level.ts';

interface UserRow {
  id: string;
  name: string;
  password: string;
  is_admin: number;
  created_at: string;
}
interface RoleRow {
  user_id: string;
  project_id: string;
  level: Level;
}
interface GrantRow extends RoleRow {
  subject_type: string;
  subject_id: string;
}
type Tables = { user_account: UserRow; project_role: RoleRow; subject_grant: GrantRow; access_token: { user_id: string | null } };

export interface StoredUser {
  readonly id: string;
  readonly name: string;
  readonly password: string;
  readonly isAdmin: boolean;
  readonly createdAt: string;
}
export interface StoredGrant extends Subject {
  readonly userId: string;
  readonly projectId: string;
  readonly level: Level;
}

const fromRow = (r: UserRow): StoredUser => ({
  id: r.id,
  name: r.name,
  password: r.password,
  isAdmin: r.is_admin === 1,
  createdAt: r.created_at,
});
const grantOf = (r: GrantRow): StoredGrant => ({
  userId: r.user_id,
  projectId: r.project_id,
  type: r.subject_type,
  id: r.subject_id,
  level: r.level,
});

const grantRow = ({ userId, projectId, type, id, level }: StoredGrant): GrantRow => ({
  user_id: userId,
  project_id: projectId,
  subject_type: type,
  subject_id: id,
  level,
});

export const userStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  return {
    isEmpty: async (): Promise<boolean> => (await db.selectFrom('user_account').select('id').limit(1).execute()).length === 0,
    insert: async ({ id, name, password, isAdmin, createdAt }: StoredUser): Promise<void> => {
      await db
        .insertInto('user_account')
        .values({ id, name, password, is_admin: isAdmin ? 1 : 0, created_at: createdAt })
        .execute();
    },
    find: async (by: { readonly name: string } | { readonly id: string }): Promise<StoredUser | undefined> => {
      const [column, value] = 'name' in by ? (['name', by.name] as const) : (['id', by.id] as const);
      const row = await db.selectFrom('user_account').selectAll().where(column, '=', value).executeTakeFirst();
      return row && fromRow(row);
    },
    list: async ({ limit, cursor }: Paging) => {
      let query = db
        .selectFrom('user_account')
        .selectAll()
        .orderBy('name')
        .limit(limit + 1);
      if (cursor !== undefined) query = query.where('name', '>', decodeCursor(cursor, ['string'])[0]);
      return pageOf(await query.execute(), limit, { item: fromRow, at: (r) => [r.name] });
    },
    change: async (id: string, { password, isAdmin }: { password?: string; isAdmin?: boolean }): Promise<void> => {
      await db
        .updateTable('user_account')
        .set({ ...(password !== undefined && { password }), ...(isAdmin !== undefined && { is_admin: isAdmin ? 1 : 0 }) })
        .where('id', '=', id)
        .execute();
    },
    /** Two writes that take the last administrators' rank from each other wait here for one another. */
    lockAdmins: async (): Promise<string[]> =>
      (
        await db
          .updateTable('user_account')
          .set((eb) => ({ is_admin: eb.ref('is_admin') }))
          .where('is_admin', '=', 1)
          .returning('id')
          .execute()
      ).map(({ id }) => id),
    remove: async (id: string): Promise<void> => {
      await db.deleteFrom('access_token').where('user_id', '=', id).execute();
      await db.deleteFrom('subject_grant').where('user_id', '=', id).execute();
      await db.deleteFrom('project_role').where('user_id', '=', id).execute();
      await db.deleteFrom('user_account').where('id', '=', id).execute();
    },
    roles: async (userId: string): Promise<{ projectId: string; level: Level }[]> =>
      (await db.selectFrom('project_role').selectAll().where('user_id', '=', userId).execute()).map(({ project_id, level }) => ({
        projectId: project_id,
        level,
      })),
    rolesIn: async ({ id }: ProjectRef): Promise<{ user: string; level: Level }[]> =>
      db
        .selectFrom('project_role')
        .innerJoin('user_account', 'user_account.id', 'project_role.user_id')
        .select(['user_account.name as user', 'project_role.level as level'])
        .where('project_role.project_id', '=', id)
        .orderBy('user_account.name')
        .execute(),
    setRole: async (userId: string, { id: projectId }: ProjectRef, level: Level): Promise<void> => {
      await db
        .insertInto('project_role')
        .values({ user_id: userId, project_id: projectId, level })
        .onConflict((c) => c.columns(['user_id', 'project_id']).doUpdateSet({ level }))
        .execute();
    },
    removeRole: async (userId: string, { id: projectId }: ProjectRef): Promise<boolean> =>
      (await db.deleteFrom('project_role').where('user_id', '=', userId).where('project_id', '=', projectId).executeTakeFirst())
        .numDeletedRows > 0n,
    grants: async (userId: string): Promise<StoredGrant[]> =>
      (
        await db
          .selectFrom('subject_grant')
          .selectAll()
          .where('user_id', '=', userId)
          .orderBy('project_id')
          .orderBy('subject_type')
          .orderBy('subject_id')
          .execute()
      ).map(grantOf),
    findGrant: async (userId: string, { id: projectId }: ProjectRef, subject: Subject): Promise<StoredGrant | undefined> => {
      const row = await db
        .selectFrom('subject_grant')
        .selectAll()
        .where('user_id', '=', userId)
        .where('project_id', '=', projectId)
        .where('subject_type', '=', subject.type)
        .where('subject_id', '=', subject.id)
        .executeTakeFirst();
      return row && grantOf(row);
    },
    insertGrant: async (grant: StoredGrant): Promise<void> => {
      await db.insertInto('subject_grant').values(grantRow(grant)).execute();
    },
    putGrant: async (grant: StoredGrant): Promise<void> => {
      await db
        .insertInto('subject_grant')
        .values(grantRow(grant))
        .onConflict((c) => c.columns(['user_id', 'project_id', 'subject_type', 'subject_id']).doUpdateSet({ level: grant.level }))
        .execute();
    },
    changeGrant: async ({ userId, projectId, type, id, level }: StoredGrant): Promise<boolean> =>
      (
        await db
          .updateTable('subject_grant')
          .set({ level })
          .where('user_id', '=', userId)
          .where('project_id', '=', projectId)
          .where('subject_type', '=', type)
          .where('subject_id', '=', id)
          .executeTakeFirst()
      ).numUpdatedRows > 0n,
    removeGrant: async (userId: string, { id: projectId }: ProjectRef, { type, id }: Subject): Promise<boolean> =>
      (
        await db
          .deleteFrom('subject_grant')
          .where('user_id', '=', userId)
          .where('project_id', '=', projectId)
          .where('subject_type', '=', type)
          .where('subject_id', '=', id)
          .executeTakeFirst()
      ).numDeletedRows > 0n,
    /** Of what has another name now, or (null) is no more. What was said of something else by that name goes. */
    moveGrants: async ({ id: projectId }: ProjectRef, { type, id }: Subject, to: string | null): Promise<void> => {
      const remove = (subjectId: string) =>
        db
          .deleteFrom('subject_grant')
          .where('project_id', '=', projectId)
          .where('subject_type', '=', type)
          .where('subject_id', '=', subjectId)
          .execute();
      if (to === id) return;
      await remove(to ?? id);
      if (to === null) return;
      await db
        .updateTable('subject_grant')
        .set({ subject_id: to })
        .where('project_id', '=', projectId)
        .where('subject_type', '=', type)
        .where('subject_id', '=', id)
        .execute();
    },
  };
};
