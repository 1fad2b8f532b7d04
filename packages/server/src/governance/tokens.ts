import { createHash, randomBytes } from 'node:crypto';
import { AppError, notFound, type AccessToken, type Paging, type Permission } from '@boucle/contract';
import { type Clock, type Db, newId } from '../platform/index.ts';
import type { Actor, ProjectRef } from './actor.ts';
import { type StoredToken, tokenStore } from './token-store.ts';

export interface NewToken {
  readonly name: string;
  readonly project?: ProjectRef;
  /** All that its maker has, where nothing is said. */
  readonly permissions?: readonly Permission[];
  readonly expiresAt?: string;
}

/** Random, and long enough that a plain hash keeps it. */
const secretBytes = 32;
export const newToken = (): string => `bcl_${randomBytes(secretBytes).toString('base64url')}`;
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Tokens for programs: each narrows what its maker may. */
export const createTokens = ({
  db,
  clock,
  userIdOf,
  forget,
}: {
  db: Db;
  clock: Clock;
  userIdOf: (actor: Actor) => Promise<string | undefined>;
  forget: () => void;
}) => {
  const requireOwn = async (actor: Actor, id: string): Promise<StoredToken> => {
    const token = await tokenStore(db.read).find(id);
    const userId = await userIdOf(actor);
    if (!token || (isBound(actor) && token.user?.id !== userId)) throw notFound('token', id);
    return token;
  };
  return {
    /** The token itself is answered here, and never again. */
    create: async (
      actor: Actor,
      { name, project, permissions, expiresAt }: NewToken,
    ): Promise<AccessToken & { readonly token: string }> => {
      const now = clock.now().toISOString();
      if (expiresAt !== undefined && expiresAt <= now)
        throw new AppError('invalid_request', 'It would have expired already: give a time to come', { reason: 'expired_already' });
      const own = ownBounds(actor);
      // What its user may is asked at each use, since it changes; bounds that come from elsewhere stay.
      const wanted = {
        project: project ?? own.project,
        permissions: permissions ?? own.permissions,
        expiresAt: expiresAt ?? own.expiresAt,
      };
      const isBeyond =
        (own.project && wanted.project?.id !== own.project.id) ||
        (own.permissions && !wanted.permissions?.every((one) => own.permissions?.includes(one))) ||
        (own.expiresAt && wanted.expiresAt! > own.expiresAt);
      if (isBeyond)
        throw new AppError('permission_denied', 'A token has no more rights than its maker, and lasts no longer', {
          reason: 'beyond_own_rights',
        });
      const userId = await userIdOf(actor);
      const stored: StoredToken = {
        id: newId(),
        name,
        user: userId === undefined ? null : { id: userId, name: actor.id },
        project: wanted.project,
        permissions: wanted.permissions,
        createdBy: actor.id,
        createdAt: now,
        expiresAt: wanted.expiresAt,
        revokedAt: null,
      };
      const token = newToken();
      await db.write((tx) => tokenStore(tx).insert(stored, { hash: tokenHash(token), madeWith: actor.byToken?.id ?? null }));
      return { ...shown(stored), token };
    },
    list: async (actor: Actor, paging: Paging) => {
      const { items, nextCursor } = await tokenStore(db.read).list(paging, isBound(actor) ? ((await userIdOf(actor)) ?? '') : undefined);
      return { items: items.map(shown), nextCursor };
    },
    /** From here on it opens nothing. Revoking it again changes nothing. */
    revoke: async (actor: Actor, id: string): Promise<AccessToken> => {
      await requireOwn(actor, id);
      await db.write(async (tx) => {
        await tokenStore(tx).revoke(id, clock.now().toISOString());
        db.afterCommit(forget);
      });
      return shown(await requireOwn(actor, id));
    },
  };
};
export type Tokens = ReturnType<typeof createTokens>;

/** Sees their own alone: whoever is no administrator. */
const isBound = ({ access }: Actor): boolean => access !== undefined && !access.isAdmin;
const ownBounds = ({ onlyIn, permissions, byToken }: Actor) => ({
  project: onlyIn ?? null,
  permissions: permissions === 'all' ? null : permissions,
  expiresAt: byToken?.expiresAt ?? null,
});

const shown = ({ user, project, permissions, ...token }: StoredToken): AccessToken => ({
  ...token,
  user: user?.name ?? null,
  project: project?.name ?? null,
  permissions: permissions === null ? null : [...permissions],
});
