import type { AccessToken, Paging, Permission } from '@boucle/contract';
import { decodeCursor, pageOf, type Tx } from '../platform/index.ts';
import type { ProjectRef } from './actor.ts';

interface TokenRow {
  id: string;
  name: string;
  hash: string;
  user_id: string | null;
  project_id: string | null;
  permissions: string | null;
  created_by: string;
  made_with: string | null;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
}
type Tables = { access_token: TokenRow; project: ProjectRef; user_account: ProjectRef };

export interface StoredToken extends Omit<AccessToken, 'project' | 'user' | 'permissions'> {
  readonly user: ProjectRef | null;
  readonly project: ProjectRef | null;
  readonly permissions: readonly Permission[] | null;
}
type Joined = Omit<TokenRow, 'hash'> & { readonly project: string | null; readonly user: string | null };

const fromRow = (r: Joined): StoredToken => ({
  id: r.id,
  name: r.name,
  user: r.user_id === null ? null : { id: r.user_id, name: r.user! },
  project: r.project_id === null ? null : { id: r.project_id, name: r.project! },
  permissions: r.permissions === null ? null : (JSON.parse(r.permissions) as Permission[]),
  createdBy: r.created_by,
  createdAt: r.created_at,
  expiresAt: r.expires_at,
  revokedAt: r.revoked_at,
});

export const tokenStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  const joined = () =>
    db
      .selectFrom('access_token')
      .leftJoin('project', 'project.id', 'access_token.project_id')
      .leftJoin('user_account', 'user_account.id', 'access_token.user_id')
      .selectAll('access_token')
      .select(['project.name as project', 'user_account.name as user']);
  return {
    insert: async (token: StoredToken, { hash, madeWith }: { hash: string; madeWith: string | null }): Promise<void> => {
      await db
        .insertInto('access_token')
        .values({
          id: token.id,
          name: token.name,
          hash,
          user_id: token.user?.id ?? null,
          project_id: token.project?.id ?? null,
          permissions: token.permissions === null ? null : JSON.stringify(token.permissions),
          created_by: token.createdBy,
          made_with: madeWith,
          created_at: token.createdAt,
          expires_at: token.expiresAt,
          revoked_at: token.revokedAt,
        })
        .execute();
    },
    byHash: async (hash: string): Promise<StoredToken | undefined> => {
      const row = await joined().where('hash', '=', hash).executeTakeFirst();
      return row && fromRow(row);
    },
    find: async (id: string): Promise<StoredToken | undefined> => {
      const row = await joined().where('access_token.id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },
    /** Of one user, or all. */
    list: async ({ limit, cursor }: Paging, userId?: string) => {
      let query = joined()
        .orderBy('access_token.id', 'desc')
        .limit(limit + 1);
      if (userId !== undefined) query = query.where('access_token.user_id', '=', userId);
      if (cursor !== undefined) query = query.where('access_token.id', '<', decodeCursor(cursor, ['string'])[0]);
      return pageOf(await query.execute(), limit, { item: fromRow, at: (r) => [r.id] });
    },
    /** With all that were made with it. */
    revoke: async (id: string, revokedAt: string): Promise<void> => {
      for (let ids = [id]; ids.length > 0;) {
        await db
          .updateTable('access_token')
          .set({ revoked_at: revokedAt })
          .where('id', 'in', ids)
          .where('revoked_at', 'is', null)
          .execute();
        ids = (await db.selectFrom('access_token').select('id').where('made_with', 'in', ids).execute()).map((row) => row.id);
      }
    },
  };
};
